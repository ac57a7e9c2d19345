"""Bank details and bank files at rest: sealed, and bound to the row and person they belong to.

A sealed field opens only in its own row, for its own person and as its own field, so that a value
copied from one person to another is worth nothing.
"""

import secrets
from dataclasses import dataclass, field, fields

from django.conf import settings

from common.encryption import KeyRing
from payments.models import BankDetails, PaymentRun, RunFile

LARGEST_KEY = 2**52  # fits a spreadsheet and JSON without loss


@dataclass(frozen=True, slots=True)
class Plain:
    """Bank details in the clear. They do not show when the object is printed or logged."""

    account_name: str = field(repr=False)
    sort_code: str = field(repr=False)
    account_number: str = field(repr=False)
    roll_number: str = field(repr=False)

    @property
    def last_digits(self) -> str:
        """All that screens, logs and the trail may show."""
        return self.account_number[-2:]


def new_key() -> int:
    """A key for a row that is about to be made: what it seals is bound to it, so it comes first."""
    return secrets.randbelow(LARGEST_KEY) + 1


def seal(plain: Plain, *, row: int, person: int) -> dict[str, bytes]:
    """The sealed fields of the bank details with key `row` of this person."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return {
        name.name: ring.seal(getattr(plain, name.name).encode(), _context(row, person, name.name))
        for name in fields(Plain)
    }


def open_details(details: BankDetails) -> Plain:
    """Bank details in the clear, for the bank file and for whoever may see them. Raises CannotOpen."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return Plain(
        **{
            name.name: ring.open(
                bytes(getattr(details, name.name)), _context(details.pk, details.person_id, name.name)
            ).decode()
            for name in fields(Plain)
        }
    )


def fingerprint(plain: Plain) -> str:
    """The same for the same account, whoever gives it, and of no use without the key."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    account = f"{plain.sort_code}:{plain.account_number}:{plain.roll_number.upper()}"
    return ring.fingerprint(account, "bank_details")


def seal_file(content: bytes, *, run: PaymentRun, version: int) -> bytes:
    """The bytes for the bank, sealed for this version of this run."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return ring.seal(content, f"run_file:{run.pk}:{version}")


def open_file(file: RunFile) -> bytes:
    """The bytes for the bank as they were made. Raises CannotOpen."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return ring.open(bytes(file.content), f"run_file:{file.run_id}:{file.version}")


def seal_code(code: str, payment: int) -> bytes:
    """A cash-out code, sealed for one payment."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return ring.seal(code.encode(), f"cash_code:{payment}")


def open_code(sealed: bytes, payment: int) -> str:
    """The cash-out code of a payment. Raises CannotOpen."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return ring.open(bytes(sealed), f"cash_code:{payment}").decode()


def seal_voucher(code: str, batch: int, position: int) -> bytes:
    """The code of one voucher, sealed for its place in its batch."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return ring.seal(code.encode(), f"voucher:{batch}:{position}")


def open_voucher(sealed: bytes, batch: int, position: int) -> str:
    """The code of one voucher. Raises CannotOpen."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return ring.open(bytes(sealed), f"voucher:{batch}:{position}").decode()


def _context(row: int, person: int, name: str) -> str:
    return f"bank_details:{row}:{person}:{name}"
