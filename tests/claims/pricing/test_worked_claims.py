"""The worked claims, computed by hand, come out to the penny: as functions and as the command."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claims.management.commands.price_claims import Command
from claims.pricing.claims_file import read_claims, read_declarations
from claims.pricing.policy_file import read_policy
from claims.pricing.pricing import price
from claims.pricing.writers import priced_csv, priced_json, shares_csv
from tests.claims.pricing.builders import DEMO


def demo(name: str) -> str:
    return (DEMO / name).read_text(encoding="utf-8")


@pytest.fixture
def outputs() -> dict[str, str]:
    policy = read_policy(demo("policy.toml"))
    lines = price(policy, read_claims(demo("claims.csv")), read_declarations(demo("declarations.csv")))
    return {
        "csv": priced_csv(policy, lines),
        "json": priced_json(policy, lines),
        "shares": shares_csv(policy, lines),
    }


def first_columns(text: str, count: int) -> list[list[str]]:
    return [row[:count] for row in csv.reader(io.StringIO(text))]


def test_every_amount_is_the_one_computed_by_hand(outputs: dict[str, str]) -> None:
    assert first_columns(outputs["csv"], 4) == first_columns(demo("expected.csv"), 4)
    assert outputs["csv"].startswith("claim,line,allowed,counts_as,reason\n")


def test_the_shares_are_those_computed_by_hand(outputs: dict[str, str]) -> None:
    assert outputs["shares"] == demo("expected_shares.csv")


def test_a_reason_is_given_exactly_where_less_is_paid_than_was_asked(outputs: dict[str, str]) -> None:
    reasons = {(row[0], row[1]): row[4] for row in csv.reader(io.StringIO(outputs["csv"])) if row[4]}
    del reasons["claim", "line"]
    assert reasons == {
        ("C2b", "1"): "The same receipt is already on claim C2, line 1.",
        ("C3", "4"): "You chose not to take this money.",
        ("C4b", "1"): "This was cancelled at least 24 hours before, so there is no money for the time.",
        ("C5", "4"): "The most we can pay for this when you are away over 5 hours is £5.00.",
        ("C6", "3"): "The money for meeting online that day already covers this.",
    }


def test_json_holds_the_same_with_rate_and_shares(outputs: dict[str, str]) -> None:
    lines: list[dict[str, Any]] = json.loads(outputs["json"])["lines"]
    assert [[line["claim"], line["line"], line["allowed"], line["counts_as"]] for line in lines] == (
        first_columns(demo("expected.csv"), 4)[1:]
    )
    assert all(
        list(line) == ["claim", "line", "allowed", "counts_as", "reason", "rate", "shares"] for line in lines
    )
    taxi = lines[3]
    assert taxi["shares"] == [
        {"project": "PROJ-A", "amount": "17.67"},
        {"project": "PROJ-B", "amount": "8.83"},
    ]
    assert taxi["rate"] == {
        "row": 6,
        "kind": "fare",
        "mode": None,
        "from": "2020-01-01",
        "to": None,
        "method": "actual",
    }


def files(folder: Path) -> list[str | Path]:
    """The arguments that name the three files of a folder."""
    return [
        *("--policy", folder / "policy.toml"),
        *("--claims", folder / "claims.csv"),
        *("--declarations", folder / "declarations.csv"),
    ]


def test_the_command_prints_them_without_any_database(tmp_path: Path, outputs: dict[str, str]) -> None:
    arguments = [*files(DEMO), "--format", "csv", "--shares", tmp_path / "shares.csv"]
    done = subprocess.run(
        [sys.executable, "manage.py", "price_claims", *map(str, arguments)],
        cwd=DEMO.parents[1],
        env=os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/nowhere"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, outputs["csv"], "")
    assert (tmp_path / "shares.csv").read_text(encoding="utf-8") == outputs["shares"]


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit status, output and errors of the command, as `manage.py` runs it. pytest-django keeps it
    from the database."""
    command = Command(stdout=(out := io.StringIO()), stderr=(errors := io.StringIO()), no_color=True)
    try:
        command.run_from_argv(["manage.py", "price_claims", *map(str, arguments)])
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue(), errors.getvalue()
    return 0, out.getvalue(), errors.getvalue()


def test_the_command_prints_json(outputs: dict[str, str]) -> None:
    assert run(*files(DEMO), "--format", "json") == (0, outputs["json"], "")


def test_declarations_may_be_left_out() -> None:
    status, text, _ = run("--policy", DEMO / "policy.toml", "--claims", DEMO / "claims.csv")
    assert status == 0
    assert text.splitlines()[1] == "C1,1,47.30,expense,"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("policy.toml", 'kind = "parking"', 'kind = "parkin"', "“parkin” is not known"),
        ("policy.toml", "2026-04-06", "2026-04-08", "leave a hole from 2026-04-06 to 2026-04-07"),
        ("claims.csv", "8.40", "8.4.0", "Row 4, amount: "),
        ("claims.csv", "C8,2,amira,2026-04-05", "C8,2,amira,2011-04-05", "Claim C8, line 2, 2011-04-05: "),
        ("declarations.csv", "2026-27", "2026-28", "Row 2, tax_year: "),
    ],
)
def test_the_command_prices_nothing_when_anything_is_wrong(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    for file in ("policy.toml", "claims.csv", "declarations.csv"):
        text = demo(file)
        if file == name:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / file).write_text(text, encoding="utf-8")
    status, out, errors = run(*files(tmp_path), "--shares", tmp_path / "shares.csv")
    assert (status, out) == (1, "")
    assert f"{tmp_path / name}:" in errors
    assert said in errors
    assert not (tmp_path / "shares.csv").exists()


def test_the_command_says_which_file_it_cannot_open(tmp_path: Path) -> None:
    status, out, errors = run("--policy", DEMO / "policy.toml", "--claims", tmp_path / "none.csv")
    assert (status, out) == (1, "")
    assert f"{tmp_path / 'none.csv'}: No such file or directory." in errors


def test_the_command_prints_nothing_when_it_cannot_write_the_shares(tmp_path: Path) -> None:
    status, out, errors = run(*files(DEMO), "--shares", tmp_path / "missing" / "shares.csv")
    assert (status, out) == (1, "")
    assert "No such file or directory." in errors


def test_the_command_refuses_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_bytes("£".encode("latin-1"))
    status, out, errors = run("--policy", DEMO / "policy.toml", "--claims", tmp_path / "claims.csv")
    assert (status, out) == (1, "")
    assert "not UTF-8 text" in errors
