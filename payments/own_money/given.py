"""What somebody gave away or put aside: it never reached them, so it stands apart and is not added up.

A paper travels, so it does not say which charity or group they named; their own page of the payment does.
"""

from django.db.models import QuerySet

from common.money import money_text
from payments.formats.own_paper import Columns, Part
from payments.models import Payment
from payments.own_money.spans import Span
from payments.own_money.totals import given_away
from payments.own_words import comes
from payments.when import day_words
from people.models import Organisation, Person

HEADING = "Money for your time that did not come to you"
MOST = 50  # rows on the page of totals; statements hold all
_WORDS = (
    "You chose this before the day. It went where you said. It is not added up and not part of the amounts "
    "above."
)


def given_part(person: Person, payer: Organisation, span: Span) -> Part | None:
    """One row for each payment to a charity, a group or the learning fund, with its day; None without any."""
    paid = given_away(person).filter(organisation=payer, paid_on__range=(span.first, span.last))
    return _part(paid.order_by("paid_on", "pk"))


def given_lately(person: Person, span: Span | None) -> Part | None:
    """The same of all organisations for the page of totals: the latest rows of these days, or of all."""
    paid = given_away(person)
    if span is not None:
        paid = paid.filter(paid_on__range=(span.first, span.last))
    return _part(paid.order_by("-paid_on", "-pk")[:MOST])


def _part(paid: QuerySet[Payment]) -> Part | None:
    rows = tuple(
        (day_words(each.paid_on), comes(each, named=False), money_text(each.amount, each.run.currency))
        for each in paid.select_related("run")
        if each.paid_on  # always so, but for the type
    )
    return Part(HEADING, (_WORDS,), Columns(("Day", "Where it went", "Amount"), rows)) if rows else None
