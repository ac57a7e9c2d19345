"""No benefit is named outside the register: not in code, forms, addresses, templates, fixtures or scripts."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NAMES = re.compile(
    r"universal[ _-]?credit|\bUC\b|\bPIP\b|personal independence|\bESA\b|employment and support|job-?seeker"
    r"|\bJSA\b|carer['’]?s[ _-]?allowance|attendance allowance|housing benefit|pension credit|income support"
    r"|child benefit|tax credit|council tax reduction|disability living|\bDLA\b|\bDWP\b|job ?centre"
    r"|permitted work|work allowance|\bLCWR?A?\b",
    re.IGNORECASE,
)
SUFFIXES = {".py", ".html", ".txt", ".toml", ".csv", ".js", ".json", ".sql", ".sh", ".svg", ".css", ".md"}
ELSEWHERE = {".venv", "node_modules", "var", "build", ".git", "docs", "tests", "benchmarks", "static/built"}
# The register itself: its app, its pages, its reference file.
REGISTER = ("guidance/", "templates/guidance/", "fixtures/reference/guidance.toml")


def files() -> list[Path]:
    """Everything that we wrote and that is served, stored or run, the register excepted."""
    return [path for path in _all() if not str(path.relative_to(ROOT)).startswith(REGISTER)]


def _all() -> list[Path]:
    top = [each for each in ROOT.iterdir() if each.name not in ELSEWHERE]
    found = [path for each in top for path in ([each] if each.is_file() else each.rglob("*"))]
    return [
        path
        for path in found
        if path.suffix in SUFFIXES and "built" not in path.parts and path.name != "package-lock.json"
    ]


def names_in(text: str) -> list[str]:
    return NAMES.findall(text)


def test_no_benefit_is_named_outside_the_register() -> None:
    walked = files()
    found = {str(path.relative_to(ROOT)): names_in(path.read_text(encoding="utf-8")) for path in walked}
    assert len(walked) > 600
    ways = {"claims/models/ways.py", "claims/ways.py", "payments/models/handing.py", "demo/by_hand.py"}
    assert ways <= found.keys()
    assert {path: names for path, names in found.items() if names} == {}


def test_no_address_and_no_field_names_one() -> None:
    """The register's own, too: an address stays in the list of pages visited."""
    for name in ("guidance/urls.py", "guidance/forms.py", "guidance/models.py", "guidance/views.py"):
        assert names_in((ROOT / name).read_text(encoding="utf-8")) == []
    for page in (ROOT / "templates" / "guidance").glob("*.html"):
        assert names_in(page.read_text(encoding="utf-8")) == []


def test_the_register_is_where_they_are_named() -> None:
    assert len(names_in((ROOT / "fixtures/reference/guidance.toml").read_text(encoding="utf-8"))) > 20


@pytest.mark.parametrize(
    "text", ["Are you on Universal Credit?", "pip_award PIP", "carers_allowance", "the Jobcentre", "on ESA"]
)
def test_a_name_would_be_found(text: str) -> None:
    assert names_in(text)
