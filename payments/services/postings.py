"""What statement lines do to the books, written as one batch: entries first, then the matches."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from common.dates import month_key, today
from ledger.models import NUMBERS
from ledger.services.accounts import bank_ledger_account
from ledger.services.posting import Draft, Leg, post_batch
from payments.models import BankAccount, Match, MatchKind, Payment, StatementLine
from payments.services.moving import BATCH, posting_day, shares_of
from people.models import Person

NARRATIVES = {
    MatchKind.RUN: "Payment run confirmed by the bank",
    MatchKind.PAYMENT: "Payment confirmed by the bank",
    MatchKind.RETURN: "Payment sent back by the bank",
    MatchKind.CHARGE: "Bank charge",
    MatchKind.INTEREST: "Bank interest",
    MatchKind.FUNDING: "Funding received",
    MatchKind.PAYROLL: "Payroll took what it paid",
    MatchKind.CASH: "Cash taken out for the cash box, or brought back",
    MatchKind.CHEQUE: "Cheque cashed",
    MatchKind.CODE: "Cash-out codes paid",
    MatchKind.DONATION: "Donations paid",
    MatchKind.GROUP: "Groups paid",
    MatchKind.SUPPLIER: "Vouchers or learning paid",
    MatchKind.SUSPENSE: "Statement line not known yet",
    MatchKind.REPAYMENT: "Overpaid money paid back",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a statement line turned out to be, and the transfers that say so in the books."""

    line: StatementLine
    kind: MatchKind
    legs: Sequence[Leg]
    run_id: int | None = None
    payment_id: int | None = None
    note: str = ""


class PaymentLegs:
    """Turns payments into transfers of the books; what each takes from where is read once for all."""

    def __init__(self, account: BankAccount, payments: Sequence[Payment]) -> None:
        self._bank = bank_ledger_account(account.organisation, account.name)
        self._shares = shares_of(payments)

    def clear(self, payments: Sequence[Payment]) -> list[Leg]:
        """The bank has paid these: the money leaves what was in transit. Dr in transit Cr bank."""
        return [
            Leg(debit=share.in_transit, credit=self._bank, amount=share.amount, party=share.person_id)
            for payment in payments
            for share in self._shares[payment.pk]
        ]

    def come_back(self, payment: Payment) -> list[Leg]:
        """The bank has sent this back: the mirror of what paid it, so that it is owed again."""
        return [
            leg
            for share in self._shares[payment.pk]
            for leg in (
                Leg(debit=self._bank, credit=share.in_transit, amount=share.amount, party=share.person_id),
                Leg(debit=share.in_transit, credit=share.owed, amount=share.amount, party=share.person_id),
            )
        ]


def write_matches(actor: Person, account: BankAccount, findings: Sequence[Finding]) -> list[Match]:
    """Post every finding and keep it as a match, in two batches. The account's row is locked."""
    organisation = account.organisation
    times = _times_matched([finding.line.pk for finding in findings])
    days = {finding.line.date for finding in findings}
    day_for = {day: booking_day(account, day) for day in days}
    numbers = post_batch(
        organisation=organisation,
        entries=[
            Draft(
                source=f"statement_line:{finding.line.pk}:match:{times[finding.line.pk] + 1}",
                narrative=NARRATIVES[finding.kind],
                date=day_for[finding.line.date],
                legs=finding.legs,
            )
            for finding in findings
        ],
        actor=actor,
    )
    return Match.objects.bulk_create(
        [
            Match(
                organisation=organisation,
                line=finding.line,
                kind=finding.kind,
                run_id=finding.run_id,
                payment_id=finding.payment_id,
                note=finding.note,
                entry_id=organisation.pk * NUMBERS + number,
                matched_by=actor,
            )
            for finding, number in zip(findings, numbers, strict=True)
        ],
        batch_size=BATCH,
    )


def booking_day(account: BankAccount, day: date) -> date:
    """The day itself; today when its month is closed, or signed: what two persons froze stays true.

    What undoes an entry of an open month is dated like it. Dated today, the month would hold the wrong
    match and the right one, and never agree with the bank.
    """
    month = month_key(day)
    signed = account.reconciliations.filter(month=month, checked_at__isnull=False)
    return today() if signed.exists() else posting_day(account.organisation, day)


def _times_matched(lines: Sequence[int]) -> dict[int, int]:
    """How often each line was matched before and undone: every match has its own source in the books."""
    times: dict[int, int] = defaultdict(int)
    for start in range(0, len(lines), BATCH):
        rows = Match.objects.filter(line__in=lines[start : start + BATCH]).values("line_id").order_by()
        times.update(rows.annotate(times=Count("pk")).values_list("line_id", "times"))
    return times
