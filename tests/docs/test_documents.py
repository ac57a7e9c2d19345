"""Names in the documents exist: tests, services, commands, files, decisions."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
LEDGER = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMED_TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", LEDGER)))
SERVICES = sorted(set(re.findall(r"`((?:ledger|claims|payments)\.services\.\w+)\.(\w+)`", LEDGER)))
PAGES = sorted(ROOT.glob("docs/**/*.md")) + [ROOT / name for name in ("README.md", "CONTRIBUTING.md")]


@pytest.mark.parametrize(("file", "test"), NAMED_TESTS)
def test_every_posting_names_a_test_that_exists(file: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(("module", "function"), SERVICES)
def test_every_posting_names_a_service_that_exists(module: str, function: str) -> None:
    assert callable(getattr(import_module(module), function))


def test_the_table_of_postings_is_read_at_all() -> None:
    assert len(NAMED_TESTS) >= 12
    assert len(SERVICES) >= 7


def test_every_command_in_the_readme_exists() -> None:
    named = set(re.findall(r"^\| `(\w+)[ `]", README, re.MULTILINE))
    assert named
    assert named <= set(get_commands())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(page.name[:4]) for page in sorted(ROOT.glob("docs/decisions/*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
