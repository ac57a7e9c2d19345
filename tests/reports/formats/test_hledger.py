"""The books as an hledger journal, read by hledger itself."""

import csv
import io
import os
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from common.money import decimal_text
from reports.formats.hledger import (
    Entry,
    JournalError,
    Transfer,
    account_text,
    narrative_text,
    write_journal,
)

Hledger = Callable[..., str]
DAY = date(2026, 11, 24)
HOSTILE = [
    "; comment", "a ; b", "a;b", "  edge  ", "a  b", "a\tb", "a\nb", "a\r\n2026-01-01 c\n  x  1",
    "(virtual)", "[a]", "* done", "! pending", "= 5 GBP", "@ 3 GBP", "~ monthly", "% x", "# h", "& b",
    "a  5.00 GBP", "a = 5.00 GBP", "a|b", 'say "x"', "include /etc/passwd", "2026-01-01 x", "end comment",
    "P 2026-01-01 GBP 2", "{1}", "-1", "1.00 GBP", "a\u00a0\u00a0b", "a\u2003\u2003b", "a\u2028b", "x\u202ey",
    "\x00x", "\ud800x", "Zoë 李 🙂", "date:2026-99-99, t:1", "[2026-99-99]", "'", "$x",
]  # fmt: skip


def pay(debit: str, credit: str, amount: int, currency: str = "GBP", party: int | None = None) -> Transfer:
    return Transfer(debit, credit, amount, currency, party)


def entry(
    number: int,
    *transfers: Transfer,
    narrative: str = "Claim decided",
    source: str = "claim:41:decision:2",
    day: date = DAY,
) -> Entry:
    return Entry(number, day, narrative, source, transfers)


def journal(*entries: Entry) -> str:
    return "".join(write_journal(entries))


@pytest.fixture
def hledger(tmp_path: Path) -> Hledger:
    """Run hledger on a journal and hand back what it prints; anything it refuses fails the test."""
    program = shutil.which("hledger") or pytest.fail(
        "Install hledger (apt-get install hledger), then test again."
    )

    def run(text: str, *arguments: str) -> str:
        path = tmp_path / "books.journal"
        path.write_text(text, encoding="utf-8")
        command = [program, "-f", str(path), *arguments]
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def balances(printed: str) -> dict[str, str]:
    return {row["account"]: row["balance"] for row in csv.DictReader(io.StringIO(printed))}


def test_an_entry_is_written_with_its_number_source_and_parties() -> None:
    transfers = (
        pay("expenses:PROJ-A:travel", "owed:PROJ-A:travel", 5005, party=17),
        pay("expenses:PROJ-A:time", "owed:PROJ-A:time", 4000),
    )
    assert journal(entry(41, *transfers)).split("\n\n")[1] == (
        "2026-11-24 (41) Claim decided\n"
        "    ; source:claim:41:decision:2\n"
        "    expenses:PROJ-A:travel  50.05 GBP  ; party:17\n"
        "    owed:PROJ-A:travel  -50.05 GBP  ; party:17\n"
        "    expenses:PROJ-A:time  40.00 GBP\n"
        "    owed:PROJ-A:time  -40.00 GBP\n"
    )


def test_hledger_adds_up_to_the_same_balances_in_any_order(hledger: Hledger) -> None:
    dice = random.Random(20261124)  # noqa: S311 (a repeatable example, not a secret)
    accounts = [
        f"{kind}:PROJ-{project}:{what}" for kind in "xy" for project in "AB" for what in ("travel", "care")
    ]
    expected: Counter[str] = Counter()
    entries = []
    for number in range(1, 301):
        transfers = []
        for _ in range(dice.randint(1, 4)):
            debit, credit = dice.sample(accounts, 2)
            amount = dice.choice([1, 99, 100, 33333, 10**9 + 7])
            expected.update({debit: amount})
            expected.subtract({credit: amount})
            transfers.append(pay(debit, credit, amount, party=number))
        entries.append(entry(number, *transfers, day=DAY + timedelta(dice.randint(-400, 400))))
    dice.shuffle(entries)
    text = journal(*entries)
    wanted = {name: f"{decimal_text(minor)} GBP" for name, minor in expected.items() if minor}
    assert balances(hledger(text, "bal", "-N", "--flat", "-O", "csv")) == wanted
    again = hledger(text, "print")
    assert balances(hledger(again, "bal", "-N", "--flat", "-O", "csv")) == wanted
    altered = text.replace("333.33 GBP", "333.34 GBP").replace("-333.33 GBP", "-333.34 GBP")
    assert balances(hledger(altered, "bal", "-N", "--flat", "-O", "csv")) != wanted


def test_currencies_stand_apart_and_keep_their_minor_units(hledger: Hledger) -> None:
    text = journal(
        entry(1, pay("a", "b", 1)), entry(2, pay("a", "c", 1500, "JPY")), entry(3, pay("a", "b", 1))
    )
    assert balances(hledger(text, "bal", "-N", "--flat", "-O", "csv")) == {
        "a": "0.02 GBP, 1500 JPY",
        "b": "-0.02 GBP",
        "c": "-1500 JPY",
    }


def test_a_party_and_a_source_can_be_asked_for(hledger: Hledger) -> None:
    text = journal(
        entry(1, pay("a", "b", 100, party=17), source="claim:1:decision:1"),
        entry(2, pay("a", "b", 250, party=170), source="claim:11:decision:1"),
    )
    assert balances(hledger(text, "bal", "a", "tag:party=^17$", "-N", "-O", "csv")) == {"a": "1.00 GBP"}
    assert balances(hledger(text, "bal", "a", "tag:source=^claim:11:decision:1$", "-N", "-O", "csv")) == {
        "a": "2.50 GBP"
    }


def test_a_source_cannot_bring_tags_of_its_own(hledger: Hledger) -> None:
    text = journal(entry(1, pay("a", "b", 1, party=17), source="claim:1, party:18, secret:x"))
    assert hledger(text, "tags").split() == ["party", "source"]
    assert hledger(text, "print", "tag:party=^18$") == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_every_place(hledger: Hledger, text: str) -> None:
    hostile = entry(7, pay(f"x:{text}", f"{text}:y", 123, party=5), narrative=text, source=text)
    written = journal(entry(6, pay("a", "b", 1)), hostile, entry(8, pay("a", "b", 1)))
    assert balances(hledger(written, "bal", "-N", "--flat", "-O", "csv")) == {
        "a": "0.02 GBP",
        "b": "-0.02 GBP",
        account_text(f"x:{text}"): "1.23 GBP",
        account_text(f"{text}:y"): "-1.23 GBP",
    }
    rows = list(csv.DictReader(io.StringIO(hledger(written, "print", "code:^7$", "-O", "csv"))))
    assert [row["amount"] for row in rows] == ["1.23", "-1.23"]
    assert {(row["date"], row["status"], row["description"]) for row in rows} == {
        ("2026-11-24", "", narrative_text(text))
    }


def test_text_left_as_it_is_would_have_been_misread(hledger: Hledger) -> None:
    raw = journal(entry(7, pay("a", "b", 123), narrative="lunch")).replace("lunch", "lunch ; secret")
    (row, _) = csv.DictReader(io.StringIO(hledger(raw, "print", "-O", "csv")))
    assert row["description"] == "lunch"


def test_two_accounts_that_would_become_one_are_refused() -> None:
    with pytest.raises(JournalError, match="both be written a,b"):
        journal(entry(1, pay("a;b", "c", 1), pay("a,b", "c", 1)))


@pytest.mark.parametrize("name", ["", " ", ":", "*", "\n", "::*"])
def test_an_account_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(JournalError, match="has no name"):
        journal(entry(1, pay(name, "c", 1)))


def test_an_entry_that_moves_nothing_is_refused() -> None:
    with pytest.raises(JournalError, match="Entry 1 has no transfers"):
        journal(entry(1))
    for amount in (0, -1):
        with pytest.raises(JournalError, match="Entry 1 has a transfer that moves nothing"):
            journal(entry(1, pay("a", "b", amount)))


def test_it_is_written_entry_by_entry_and_not_held_whole() -> None:
    seen: list[int] = []

    def endless() -> Iterator[Entry]:
        for number in range(1, 10**9):
            seen.append(number)
            yield entry(number, pay("a", "b", 1))

    pieces = write_journal(endless())
    assert [next(pieces) for _ in range(4)][-1].startswith("\n2026-11-24 (2)")
    assert seen == [1, 2]
