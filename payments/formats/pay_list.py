"""The list of a run for payroll, or for whoever hands money over: who is to have how much, and nothing else.

Where people named a charity or group, one more column says whom; it is compared, for nobody renames it.

UTF-8 with a mark at the start, so that spreadsheets show names as they are written; CRLF, one heading row,
the date as dd/mm/yyyy, the amount in pounds with two decimals. Names keep their letters in any script and
lose every other sign but . ' ’ and -; no field begins with anything but a letter or figure and none is ever
quoted. So no spreadsheet can take a field for a formula, and one run has exactly one spelling.

Writer and reader share the dataclasses and nothing else, so that one's mistake is the other's refusal.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from common.errors import DomainError
from common.money import LARGEST_TYPED_MINOR, decimal_text, money_text

COLUMNS = ("Person number", "Name", "Payment reference", "Amount", "Pay day")
TO = "Pay to"
_MARK = "\ufeff"
_HEADING = "\ufeffPerson number,Name,Payment reference,Amount,Pay day"
_SIGNS = frozenset(" .'’-")
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,7})\.([0-9]{2})", re.ASCII)


class PayListError(DomainError):
    """A run cannot be written as a list, or bytes are no list of pay; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Pay:
    """One payment that goes with somebody's pay, or is handed over. `amount` is in pence.

    The number says who it is. A name may change between two readings and so is not compared.
    """

    number: str
    name: str = field(compare=False)
    reference: str
    amount: int
    to: str = ""


@dataclass(frozen=True, slots=True)
class PayList:
    """What a list says: one day, the payments in file order, and so its control totals."""

    pay_on: date
    pays: tuple[Pay, ...]

    @property
    def count(self) -> int:
        """Number of payments."""
        return len(self.pays)

    @property
    def total(self) -> int:
        """Sum of the payments in pence."""
        return sum(pay.amount for pay in self.pays)

    @property
    def names_others(self) -> bool:
        """Does it say who is paid instead of the people in it?"""
        return any(pay.to for pay in self.pays)


def prepare_pays(pay_on: date, pays: Iterable[Pay]) -> PayList:
    """The run as whoever carries it out will read it. Raises PayListError."""
    file = PayList(pay_on, tuple(_plain(pay) for pay in pays))
    if not file.pays:
        raise PayListError("This run has no payments in it.")
    if len({pay.reference for pay in file.pays}) != file.count:
        raise PayListError("A payment reference is used twice in this run.")
    return file


def write_pays(file: PayList) -> bytes:
    """The bytes of the file."""
    day = f"{file.pay_on:%d/%m/%Y}"
    width = len(COLUMNS) + (1 if file.names_others else 0)
    rows = [(pay.number, pay.name, pay.reference, decimal_text(pay.amount), day, pay.to) for pay in file.pays]
    table = [row[:width] for row in ((*COLUMNS, TO), *rows)]
    return (_MARK + "".join(",".join(row) + "\r\n" for row in table)).encode()


def read_pays(content: bytes) -> PayList:
    """Read a list back, trusting nothing about how it was made; raises PayListError."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PayListError("The file is not text as this file writes it.") from error
    heading, *lines = text.split("\r\n")
    if heading not in (_HEADING, f"{_HEADING},Pay to"):
        raise PayListError("The first row is not the heading of a list of pay.")
    if len(lines) < 2 or lines[-1] != "":
        raise PayListError("The file has no payments, or its last row is not complete.")
    width = len(heading.split(","))
    found = [_read(number, line, width) for number, line in enumerate(lines[:-1], start=2)]
    if len({day for _, day in found}) != 1:
        raise PayListError("The file has more than one pay day.")
    if len({pay.reference for pay, _ in found}) != len(found):
        raise PayListError("The file has a payment reference twice.")
    return PayList(found[0][1], tuple(pay for pay, _ in found))


def check_pays(content: bytes, *, count: int, total: int, sha256: str) -> PayList:
    """Read the bytes again and compare them with what was signed: how many, how much (pence), which bytes."""
    file = read_pays(content)
    if file.count != count:
        raise PayListError(f"The file holds {file.count} payments and the run holds {count}.")
    if file.total != total:
        raise PayListError(f"The file pays {money_text(file.total)} and the run pays {money_text(total)}.")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise PayListError("The file is not the file that was made for this run. It has been changed.")
    return file


def _plain(pay: Pay) -> Pay:
    for text in (pay.number, pay.reference):
        if not (text.isascii() and text.replace(" ", "").isalnum() and text == text.strip()):
            raise PayListError(f"“{text}” is not a number or reference of ours.")
    if not 0 < pay.amount <= LARGEST_TYPED_MINOR:
        raise PayListError(
            f"The amount of {pay.reference} must be more than nothing and at most "
            f"{money_text(LARGEST_TYPED_MINOR)}."
        )
    return Pay(pay.number, _name(pay.name), pay.reference, pay.amount, _name(pay.to) if pay.to else "")


def _name(name: str) -> str:
    """Letters, marks on them, figures and a few signs; the number stands where nothing is left of a name."""
    composed = unicodedata.normalize("NFC", name)
    kept = "".join(sign if _is_kept(sign) else " " for sign in composed)
    while kept and not kept[0].isalnum():
        kept = kept[1:]
    return " ".join(kept.split()) or "No name"


def _is_kept(sign: str) -> bool:
    return sign.isalnum() or sign in _SIGNS or unicodedata.category(sign) in ("Mn", "Mc")


def _read(number: int, line: str, width: int) -> tuple[Pay, date]:
    fields = line.split(",")
    if len(fields) != width or any(_is_odd(text) for text in fields):
        raise PayListError(f"Row {number} is not a payment as this file writes it.")
    person, name, reference, amount, day, *to = fields
    match = _AMOUNT.fullmatch(amount)
    if match is None or not 0 < (pence := int(match[1] + match[2])) <= LARGEST_TYPED_MINOR:
        raise PayListError(f"Row {number} has an amount that cannot be paid.")
    return Pay(person, name, reference, pence, "".join(to)), _day(number, day)


def _is_odd(text: str) -> bool:
    """Would a spreadsheet, or somebody's eye, read this as anything but the text it is?"""
    return (
        not text[:1].isalnum() or text != " ".join(text.split()) or any(sign in text for sign in '"=+@;\t|')
    )


def _day(number: int, text: str) -> date:
    day, month, year = (text.split("/") + ["", ""])[:3]
    try:
        found = date(int(year), int(month), int(day))
    except ValueError as error:
        raise PayListError(f"Row {number} has a date that does not exist.") from error
    if text != f"{found:%d/%m/%Y}":
        raise PayListError(f"Row {number} has a date that does not exist.")
    return found
