"""The reference file goes in whole, once, and says what is wrong with it otherwise."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from common.errors import DomainError
from guidance.formats.register import RegisterError, read_register
from guidance.models import Figure, Text, Topic
from guidance.services.importing import Taken, import_register
from tests.cast import Cast
from tests.guidance.conftest import REFERENCE

FILE = "fixtures/reference/guidance.toml"


def test_the_reference_register_has_every_topic_and_three_years(taken: Taken) -> None:
    assert set(Text.objects.values_list("topic", flat=True)) == set(Topic.values)
    assert (taken.texts, taken.figures) == (len(Topic), Figure.objects.count())
    assert taken.doubtful == Figure.objects.filter(checked_at__isnull=True).count() > 5
    assert {each.starts_on.year for each in Figure.objects.all()} == {2024, 2025, 2026}
    assert not Text.objects.filter(checked_at__isnull=True).exists()


def test_the_same_file_again_adds_nothing(taken: Taken, cast: Cast) -> None:
    again = import_register(actor=cast.abel, organisation=cast.riverside, content=REFERENCE, second=cast.vera)
    assert again == Taken(0, 0, 0, 0)


def test_without_a_second_person_nothing_is_shown(cast: Cast) -> None:
    taken = import_register(actor=None, organisation=cast.riverside, content=REFERENCE)
    assert taken.checked == 0
    assert not Text.objects.filter(checked_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('topic = "tax"', 'topic = "food"'), "“food” is no topic"),
        (('unit = "week"', 'unit = "day"'), "“day” is no unit"),
        (('title = "Tax on', 'heading = "Tax on'), "heading is not known"),
        ((", read_on = 2026-11-22 }", " }"), "source: read_on is missing"),
        (('amount = "404"', "amount = 404"), "amount is not a str"),
        (('currency = "GBP"', 'currency = "EUR"'), "The figures are in EUR"),
        (("[[text]]", "[[text"), "not a TOML file"),
    ],
)
def test_a_file_with_a_mistake_is_refused_whole(cast: Cast, change: tuple[str, str], said: str) -> None:
    wrong = REFERENCE.replace(*change, 1)
    assert wrong != REFERENCE
    with pytest.raises(DomainError, match=said):
        import_register(actor=cast.abel, organisation=cast.riverside, content=wrong, second=cast.vera)
    assert not Text.objects.exists()


def test_what_is_no_table_is_said() -> None:
    with pytest.raises(RegisterError, match="Figure 1: is not a table"):
        read_register('currency = "GBP"\nfigure = [1]')


def test_the_command_says_what_it_did(cast: Cast, tmp_path: Path) -> None:
    said = StringIO()
    names = {"email": "abel@example.org", "second": "vera@example.org"}
    call_command("import_guidance", FILE, organisation="riverside", stdout=said, **names)
    assert "11 texts and" in said.getvalue()
    assert "wait for a second person" in said.getvalue()
    for arguments in (
        {"organisation": "nowhere"},
        {"organisation": "riverside", "email": "nobody@example.org"},
        {"organisation": "riverside", "email": "cora@example.org"},
    ):
        with pytest.raises(CommandError):
            call_command("import_guidance", FILE, stdout=said, **arguments)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_guidance", str(tmp_path / "none"), organisation="riverside")
    (tmp_path / "odd").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("import_guidance", str(tmp_path / "odd"), organisation="riverside")
