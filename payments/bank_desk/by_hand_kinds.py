"""What a statement line could be among what is paid by hand, and what there is to know before one says so."""

from django.db.models import F, Sum

from common.money import money_text
from ledger.models import AccountKind, AccountMonth
from payments.models import HandOver, MatchKind, StatementLine
from payments.services.cheques import stands_in
from payments.services.reconciling import EXPLANATIONS, WAYS
from payments.workflow import Method
from people.models import Organisation

MOST = 10  # numbers of cheques in one hint


def by_hand_kinds(line: StatementLine) -> dict[MatchKind, str]:
    """The explanations that the organisation's ways of paying add, each with what stands beside it."""
    organisation = line.account.organisation
    ways = set(organisation.ways.values_list("way", flat=True))
    kinds = [kind for kind, of in WAYS.items() if ways.intersection(of)]
    if line.amount > 0:
        kinds = [kind for kind in kinds if kind != MatchKind.CHEQUE]
    if not kinds:
        return {}
    out = _not_shown_yet(organisation)
    return {kind: _hint(kind, line, out.get(EXPLANATIONS[kind], 0)) for kind in kinds}


def _not_shown_yet(organisation: Organisation) -> dict[AccountKind, int]:
    """Credits less debits of the accounts that the bank clears. Minor units."""
    months = AccountMonth.objects.filter(
        account__organisation=organisation, account__kind__in=[EXPLANATIONS[kind] for kind in WAYS]
    ).order_by()
    sums = months.values("account__kind").annotate(sum=Sum(F("credits") - F("debits")))
    return {AccountKind(row["account__kind"]): row["sum"] for row in sums}


def _hint(kind: MatchKind, line: StatementLine, out: int) -> str:
    if kind == MatchKind.CASH:
        return "Cash brought back from the cash box." if line.amount > 0 else "Cash fetched for the cash box."
    if kind == MatchKind.CHEQUE:
        return _cheques(line)
    amount = money_text(abs(out), line.account.organisation.currency)
    if out <= 0:
        return "Nothing is left that the bank has not shown."
    return f"The bank has not shown {amount} of these yet."


def _cheques(line: StatementLine) -> str:
    rows = HandOver.objects.filter(
        organisation=line.account.organisation,
        payment__method=Method.CHEQUE,
        payment__amount=-line.amount,
        ended="",
        collected_on__isnull=True,
    )
    numbers = list(rows.order_by("day", "pk").values_list("serial", flat=True)[:MOST])
    if not numbers:
        return "No cheque for this amount is out."
    text = f"{line.reference} {line.description}"
    if named := [each for each in numbers if stands_in(each, text)]:
        return f"Cheque {named[0]} is out for this amount, and its number stands in the text."
    if len(numbers) == 1:
        return f"Cheque {numbers[0]} is out for this amount."
    return f"Out for this amount: {', '.join(numbers)}. Write the number of the one cashed in the box below."
