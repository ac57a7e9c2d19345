"""The payment run file for the bank: one credit a line, by sort code and account number.

A generic profile that UK banks' bulk upload screens accept or can be mapped to: ASCII, CRLF, one heading row,
the date as dd/mm/yyyy, the amount in pounds with two decimals. No field can hold a comma or a quotation mark,
so no field is ever quoted, and one run has exactly one spelling: bytes that `read_run` accepts are the bytes
`write_run` would write. Leading zeros matter: a spreadsheet that opens and saves the file destroys them, and
the hash of the file then no longer agrees.

Writer and reader share the column names and nothing else, so that one's mistake is the other's refusal.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common.errors import DomainError
from common.money import LARGEST_TYPED_MINOR, decimal_text, money_text
from common.text import bank_text

COLUMNS = ("Sort code", "Account number", "Account name", "Amount", "Reference", "Payment date")
NAME_WIDTH = 35
REFERENCE_WIDTH = 18  # the reference field of Bacs and Faster Payments
LARGEST_CREDIT = LARGEST_TYPED_MINOR  # pence; a larger one is a lost decimal point

# The first character is a letter or figure: a spreadsheet takes `-1-2` for a sum.
_LINE = re.compile(
    r"(?P<sort_code>[0-9]{6}),(?P<account>[0-9]{8}),(?P<name>[A-Z0-9][A-Z0-9.&/\- ]{0,34}),"
    r"(?P<pounds>0|[1-9][0-9]{0,7})\.(?P<pence>[0-9]{2}),(?P<reference>[A-Z0-9][A-Z0-9.&/\- ]{0,17}),"
    r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>2[0-9]{3})",
    re.ASCII,
)


class BankFileError(DomainError):
    """A run cannot be written for the bank, or bytes are not a run file; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Payee:
    """Where one payment of a run goes, as finance holds it. `amount` is in pence."""

    name: str
    sort_code: str
    account_number: str
    amount: int
    reference: str
    roll_number: str = ""  # a building society routes by it: it takes the place of the reference


@dataclass(frozen=True, slots=True)
class Credit:
    """One line of the file, in the characters the bank accepts. `amount` is in pence."""

    sort_code: str
    account_number: str
    account_name: str
    amount: int
    reference: str


@dataclass(frozen=True, slots=True)
class RunFile:
    """What a run file says: one day, the credits in file order, and so its control totals."""

    pay_on: date
    credits: tuple[Credit, ...]

    @property
    def count(self) -> int:
        """Number of credits."""
        return len(self.credits)

    @property
    def total(self) -> int:
        """Sum of the credits in pence."""
        return sum(credit.amount for credit in self.credits)


def prepare_run(pay_on: date, payees: Iterable[Payee]) -> RunFile:
    """The run as the bank will read it, to be shown, written and compared; raises BankFileError.

    Names lose their accents and are cut to 35 characters. References and roll numbers are never cut, and
    our own references must differ, so that each line of a statement leads back to one payment.
    """
    credits: list[Credit] = []
    own: set[str] = set()
    for payee in payees:
        reference = _reference(payee.name, payee.reference)
        if reference in own:
            raise BankFileError(f"The reference {reference} is used twice in this run.")
        own.add(reference)
        routed = _reference(payee.name, payee.roll_number) if payee.roll_number.strip() else reference
        credits.append(Credit(payee.sort_code, payee.account_number, _name(payee.name), payee.amount, routed))
    run = RunFile(pay_on, tuple(credits))
    _check_run(run)
    return run


def write_run(run: RunFile) -> bytes:
    """The bytes of the file. Raises BankFileError for anything `prepare_run` would have refused."""
    _check_run(run)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_NONE)
    writer.writerow(COLUMNS)
    day = f"{run.pay_on.day:02}/{run.pay_on.month:02}/{run.pay_on.year:04}"
    for credit in run.credits:
        amount = decimal_text(credit.amount)
        writer.writerow(
            (credit.sort_code, credit.account_number, credit.account_name, amount, credit.reference, day)
        )
    return text.getvalue().encode("ascii")


def read_run(content: bytes) -> RunFile:
    """Read a run file back, trusting nothing about how it was made; raises BankFileError with the row."""
    if not content.isascii():
        raise BankFileError("The file has characters that the bank does not accept.")
    heading, *lines = content.decode("ascii").split("\r\n")
    if heading != "Sort code,Account number,Account name,Amount,Reference,Payment date":
        raise BankFileError("The first row is not the heading of a payment run file.")
    if len(lines) < 2 or lines[-1] != "":
        raise BankFileError("The file has no payments, or its last row is not complete.")
    credits: list[Credit] = []
    days: set[date] = set()
    for number, line in enumerate(lines[:-1], start=2):
        credit, day = _read_line(number, line)
        credits.append(credit)
        days.add(day)
    if len(days) != 1:
        raise BankFileError("The file has more than one payment date.")
    run = RunFile(days.pop(), tuple(credits))
    _check_references(run)
    return run


def check_file(content: bytes, *, count: int, total: int, sha256: str) -> RunFile:
    """Read the bytes again and compare them with what was signed: how many, how much (pence), which bytes.

    Returns the run that was read. Raises BankFileError that says which of the three differs.
    """
    run = read_run(content)
    if run.count != count:
        raise BankFileError(f"The file holds {run.count} payments and the run holds {count}.")
    if run.total != total:
        raise BankFileError(f"The file pays {money_text(run.total)} and the run pays {money_text(total)}.")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BankFileError("The file is not the file that was made for this run. It has been changed.")
    return run


def _name(name: str) -> str:
    cleaned = bank_text(name, len(name) * 4).lstrip(".&/- ")[:NAME_WIDTH].strip()
    if not cleaned:
        raise BankFileError(
            f"The account name “{name}” has no letters that banks accept. "
            "Enter the name as the bank writes it, in the letters A to Z."
        )
    return cleaned


def _reference(name: str, reference: str) -> str:
    """A reference or roll number in capitals; refused rather than altered, because money is routed by it."""
    cleaned = bank_text(reference, len(reference) * 4)
    if cleaned != reference.strip().upper() or not cleaned[:1].isalnum() or len(cleaned) > REFERENCE_WIDTH:
        raise BankFileError(
            f"The reference “{reference}” for {name} needs 1 to {REFERENCE_WIDTH} letters, figures, spaces "
            "or . & / - and must begin with a letter or figure."
        )
    return cleaned


def _check_run(run: RunFile) -> None:
    if not run.credits:
        raise BankFileError("This run has no payments in it.")
    if not 2000 <= run.pay_on.year <= 2999:
        raise BankFileError("The payment date of this run is not a day of this time.")
    for credit in run.credits:
        _check_credit(credit)
    _check_references(run)


def _check_credit(credit: Credit) -> None:
    who = credit.account_name
    for what, number, length in (
        ("sort code", credit.sort_code, 6),
        ("account number", credit.account_number, 8),
    ):
        if not (number.isascii() and number.isdigit() and len(number) == length):
            raise BankFileError(f"The {what} for {who} needs {length} figures.")
    if not 0 < credit.amount <= LARGEST_CREDIT:
        raise BankFileError(
            f"The amount for {who} must be more than nothing and at most {money_text(LARGEST_CREDIT)}."
        )
    if not who or who != _name(who):
        raise BankFileError(f"The account name “{who}” is not written as banks accept it.")
    if credit.reference != _reference(who, credit.reference):
        raise BankFileError(f"The reference “{credit.reference}” is not written as banks accept it.")


def _check_references(run: RunFile) -> None:
    """One reference leads to one account; it may repeat there: fee and costs share a roll number."""
    accounts: dict[str, tuple[str, str]] = {}
    for credit in run.credits:
        account = (credit.sort_code, credit.account_number)
        if accounts.setdefault(credit.reference, account) != account:
            raise BankFileError(f"The reference {credit.reference} is used for two accounts.")


def _read_line(number: int, line: str) -> tuple[Credit, date]:
    match = _LINE.fullmatch(line)
    if match is None or match["name"].endswith(" ") or match["reference"].endswith(" ") or "  " in line:
        raise BankFileError(f"Row {number} is not a payment as this file writes it.")
    amount = int(match["pounds"]) * 100 + int(match["pence"])
    if not 0 < amount <= LARGEST_CREDIT:
        raise BankFileError(f"Row {number} has an amount that cannot be paid.")
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError as error:
        raise BankFileError(f"Row {number} has a date that does not exist.") from error
    return Credit(match["sort_code"], match["account"], match["name"], amount, match["reference"]), day
