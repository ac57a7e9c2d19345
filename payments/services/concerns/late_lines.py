"""A line of the bank for a payment that two persons had said it never took.

It must not be taken silently for the payment that was sent instead. It goes to suspense, and the concern is
open again, so that finance sees that somebody may have been paid twice.
"""

from collections.abc import Iterable

from ledger.models import AccountKind
from ledger.services.accounts import account as ledger_account
from ledger.services.accounts import bank_ledger_account
from ledger.services.posting import Leg
from payments.matching import reference_in
from payments.models import BankAccount, Concern, ConcernOutcome, MatchKind, StatementLine
from payments.services.concerns.closing import reopen
from payments.services.postings import Finding, write_matches
from people.models import Person

TOLD = "The bank took this payment after all: its line is in suspense. It may have been paid twice."


def park_late_lines(actor: Person, account: BankAccount, lines: Iterable[StatementLine]) -> set[int]:
    """Post such lines to suspense; returns their keys. The account's row is locked."""
    named = {
        line.pk: reference
        for line in lines
        if line.amount < 0 and (reference := reference_in(f"{line.reference} {line.description}"))
    }
    never_taken = Concern.objects.filter(
        outcome=ConcernOutcome.NEVER_TAKEN,
        payment__run__bank_account=account,
        payment__reference__in=sorted(set(named.values())),
    )
    concerns = {
        each.payment.reference: each for each in never_taken.select_related("payment") if each.payment
    }
    late = [line for line in lines if named.get(line.pk) in concerns]
    if not late:
        return set()
    suspense = ledger_account(account.organisation, AccountKind.SUSPENSE)
    bank = bank_ledger_account(account.organisation, account.name)
    findings = [
        Finding(
            line=line,
            kind=MatchKind.SUSPENSE,
            legs=[Leg(debit=suspense, credit=bank, amount=-line.amount)],
            note=f"{named[line.pk]}: {TOLD}",
        )
        for line in late
    ]
    write_matches(actor, account, findings)
    for reference in sorted({named[line.pk] for line in late}):
        concern = Concern.objects.select_for_update().get(pk=concerns[reference].pk)
        reopen(actor, concern, TOLD)
    return {line.pk for line in late}
