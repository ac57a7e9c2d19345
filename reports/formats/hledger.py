"""The books as an hledger journal: plain text that another program adds up for itself.

Nobody is named in it: a party is a tag with its key. Text that hledger would read as something else (a
comment, a status, a virtual posting, the gap before an amount) is made regular; two accounts that would
become the same one are refused, because their sums would run together unseen.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from common.errors import DomainError
from common.money import decimal_text, digits

# Marks that begin or end something in hledger's grammar, wherever they stand in an account's name.
_ACCOUNT_MARKS = str.maketrans({";": ",", "(": "<", ")": ">", "[": "<", "]": ">", '"': "'"})
_NARRATIVE_MARKS = str.maketrans({";": ",", "|": "/"})
_LEADING = "*!=~@#%& "  # a status, a balance assertion, a periodic or automatic rule, a comment


class JournalError(DomainError):
    """The entries cannot be written as a journal; the message names the entry or the account."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One movement. `amount` is in minor units and positive; `party` is the key of a person or supplier."""

    debit: str
    credit: str
    amount: int
    currency: str
    party: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry; `source` is what it was posted for, like `claim:41:decision:2`."""

    number: int
    day: date
    narrative: str
    source: str
    transfers: tuple[Transfer, ...]


def write_journal(entries: Iterable[Entry]) -> Iterator[str]:
    """The journal in pieces, in the order given, one entry a piece. Raises JournalError.

    Read it with UTF-8 in the locale: hledger takes the encoding from there.
    """
    accounts: dict[str, str] = {}
    currencies: set[str] = set()
    yield "; Journal of the books. The number in brackets is that of the entry.\ndecimal-mark .\n"
    for entry in entries:
        for currency in sorted({transfer.currency for transfer in entry.transfers} - currencies):
            currencies.add(currency)
            yield f"commodity {_amount(10 ** digits(currency) * 1000, currency)}\n"
        yield _entry_text(entry, accounts)


def account_text(name: str) -> str:
    """An account's name as hledger keeps it: parts joined by single colons, single spaces, no marks.

    Raises JournalError when nothing of it is left.
    """
    parts = (_plain(part).translate(_ACCOUNT_MARKS).strip(_LEADING) for part in name.split(":"))
    written = ":".join(part for part in parts if part)
    if not written:
        raise JournalError(f"The account “{name}” has no name that can be written.")
    return written


def narrative_text(narrative: str) -> str:
    """A description on one line that holds no comment, status or payee mark."""
    return _plain(narrative).translate(_NARRATIVE_MARKS).lstrip(_LEADING)


def _plain(text: str) -> str:
    """One line, single spaces, no control or direction marks and no broken characters."""
    shown = "".join(
        " " if unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Zl", "Zp") else mark for mark in text
    )
    return " ".join(shown.split())


def _entry_text(entry: Entry, accounts: dict[str, str]) -> str:
    if not entry.transfers:
        raise JournalError(f"Entry {entry.number} has no transfers.")
    lines = [f"\n{entry.day:%Y-%m-%d} ({entry.number}) {narrative_text(entry.narrative)}".rstrip()]
    lines.append(f"    ; source:{_plain(entry.source).replace(',', ' ')}")
    for transfer in entry.transfers:
        if transfer.amount <= 0:
            raise JournalError(f"Entry {entry.number} has a transfer that moves nothing.")
        tag = "" if transfer.party is None else f"  ; party:{transfer.party}"
        for account, amount in ((transfer.debit, transfer.amount), (transfer.credit, -transfer.amount)):
            name = _account(account, accounts)
            lines.append(f"    {name}  {_amount(amount, transfer.currency)}{tag}")
    return "\n".join(lines) + "\n"


def _account(name: str, accounts: dict[str, str]) -> str:
    """The written name; each belongs to one account of the books only."""
    written = account_text(name)
    if accounts.setdefault(written, name) != name:
        raise JournalError(
            f"The accounts “{accounts[written]}” and “{name}” would both be written {written}."
        )
    return written


def _amount(minor: int, currency: str) -> str:
    """An amount with its decimal mark, which hledger needs where a currency has no minor unit."""
    number = decimal_text(minor, currency)
    return f"{number if '.' in number else number + '.'} {currency}"
