"""The months of a bank account: which are signed, which can be, and one month as it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min

from common.dates import month_key, today
from common.errors import NotVisible
from payments.formats.reconciliation_data import Paper, Reconciliation, canonical, hash_of, read
from payments.models import BankAccount, SignedReconciliation, Statement
from payments.queries.reconciling import not_ready, reconciliation
from payments.when import is_month, last_day, moment_words, month_before, month_words

MOST_MONTHS = 24
STATEMENTS = 24


@dataclass(frozen=True)
class MonthRow:
    """One month of an account and how its reconciliation stands."""

    month: int
    words: str
    signed: SignedReconciliation | None


@dataclass(frozen=True)
class AccountPage:
    """An account with its newest statements and months."""

    account: BankAccount
    statements: Sequence[Statement]
    months: Sequence[MonthRow]


@dataclass(frozen=True)
class MonthPage:
    """A month as it is shown: the signed figures where they are frozen, else as they stand now.

    `changed` says that what was signed as prepared is not what stands there now.
    """

    account: BankAccount
    month: int
    found: Reconciliation
    sha256: str
    signed: SignedReconciliation | None
    changed: bool
    not_ready: str

    @property
    def is_frozen(self) -> bool:
        """Have two persons signed?"""
        return self.signed is not None and self.signed.checked_at is not None

    @property
    def words(self) -> str:
        """The month as people say it."""
        return month_words(self.month)

    def paper(self) -> Paper:
        """The month as it is printed and exported. Signatures stand there only under what was signed."""
        signed = None if self.changed else self.signed
        organisation = self.account.organisation
        return Paper(
            organisation=organisation.name,
            account=self.account.name,
            month=self.words,
            currency=organisation.currency,
            found=self.found,
            signatures=_signatures(signed) if signed else (),
            note=signed.note if signed else "",
            sha256=self.sha256,
        )


def _signatures(signed: SignedReconciliation) -> tuple[tuple[str, str], ...]:
    prepared = ("Prepared by", f"{signed.prepared_by}, {moment_words(signed.prepared_at)}")
    if signed.checked_at is None:
        return prepared, ("Checked by", "nobody yet")
    return prepared, ("Checked by", f"{signed.checked_by}, {moment_words(signed.checked_at)}")


def account_page(account: BankAccount) -> AccountPage:
    """An account with its newest statements, and its months back to its first line."""
    statements = account.statements.select_related("imported_by").annotate(new=Count("lines"))
    signed = {
        each.month: each
        for each in account.reconciliations.select_related("prepared_by", "checked_by").order_by("-month")[
            :MOST_MONTHS
        ]
    }
    return AccountPage(
        account=account,
        statements=list(statements.order_by("-last_day", "-pk")[:STATEMENTS]),
        months=[MonthRow(month, month_words(month), signed.get(month)) for month in _months(account)],
    )


def _months(account: BankAccount) -> list[int]:
    """From the month of today, or of its last line, back to its first; at most two years."""
    days = account.lines.aggregate(first=Min("date"), last=Max("date"))
    month = month_key(max(days["last"] or today(), today()))
    first = month_key(days["first"] or today())
    months: list[int] = []
    while month >= first and len(months) < MOST_MONTHS:
        months.append(month)
        month = month_before(month)
    return months


def month_page_of(account: BankAccount, month: int) -> MonthPage:
    """One month of an account. Raises NotVisible for a month that is none, or lies in the future."""
    if not is_month(month) or month > month_key(today()):
        raise NotVisible("There is no such month.")
    known = account.reconciliations.select_related("prepared_by", "checked_by").filter(month=month).first()
    if known is not None and known.checked_at is not None:
        return MonthPage(account, month, read(known.figures), known.sha256, known, False, "")
    found = reconciliation(account, min(last_day(month), today()))
    organisation = account.organisation
    figures = canonical(
        found, organisation=organisation.code, account=account.name, currency=organisation.currency
    )
    sha256 = hash_of(figures)
    return MonthPage(
        account=account,
        month=month,
        found=found,
        sha256=sha256,
        signed=known,
        changed=known is not None and known.sha256 != sha256,
        not_ready=not_ready(account, month),
    )
