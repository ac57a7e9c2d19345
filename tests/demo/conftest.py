"""Play the demonstration twice, each time in a database of its own where commits are real."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from demo.outputs import write
from demo.story import play
from tests import databases


@dataclass(frozen=True)
class Played:
    """What the demonstration said, and where it wrote its files."""

    chapters: list[str]
    files: dict[str, bytes]
    folder: Path


@dataclass(frozen=True)
class PlayedTwice(Played):
    """The second time; its database is the one at hand."""

    before: Played


def play_into(folder: Path) -> Played:
    """Play it in the database at hand."""
    chapters = list(play())
    return Played(chapters, {name: (folder / name).read_bytes() for name in write(folder)}, folder)


@pytest.fixture(scope="module")
def played(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PlayedTwice]:
    with django_db_blocker.unblock():
        with databases.own_copy("empty"):
            first = play_into(tmp_path_factory.mktemp("first"))
        with databases.own_copy("empty"):
            again = play_into(tmp_path_factory.mktemp("again"))
            yield PlayedTwice(again.chapters, again.files, again.folder, before=first)
