"""Addresses of files: Fern's workbook is `own`, Farah's journal `other`; `checks` is for every auditor."""

from typing import Final

from people.file_queries import Days
from people.models import FileKind, Person, PreparedFile
from reports.exports.asking import ask_for_file
from reports.exports.working import work
from tests.payments.office import MONDAY
from tests.web.world import World

_READERS: Final = {"fern", "farah", "ada"}
SEEN: Final[dict[str, dict[str, set[str]]]] = dict.fromkeys(
    ("exports:file", "exports:download"), {"fern": {"own"}, "farah": {"other"}, "ada": {"checks"}}
)
OPENED: Final[dict[str, set[str]]] = {
    **dict.fromkeys(("exports:list", "exports:workbook", "exports:journal"), _READERS),
    **dict.fromkeys(("exports:trail", "exports:checks"), {"ada"}),
}
MONDAYS: Final = Days(MONDAY.date(), MONDAY.date())


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the file is."""
    cast = world.cast
    files = {
        "own": _ready(world, cast.fern, FileKind.WORKBOOK),
        "other": _ready(world, cast.farah, FileKind.JOURNAL),
        "checks": _ready(world, cast.ada, FileKind.CHECKS),
    }
    keys = {who: [str(file.pk)] for who, file in files.items()} | {"missing": ["999999999"]}
    return {"exports:file": keys, "exports:download": keys}


def _ready(world: World, person: Person, kind: FileKind) -> PreparedFile:
    days = MONDAYS if kind == FileKind.WORKBOOK else None
    file = ask_for_file(actor=person, organisation=world.cast.riverside, kind=kind, days=days)
    work(file.pk)
    return file
