"""Prove that signed reconciliations hold: their hash, and that bank and books still say so of that day."""

from collections.abc import Iterator

from django.db.models import Q

from ledger.models import Transfer
from payments.formats.reconciliation_data import agrees, hash_of, read
from payments.models import SignedReconciliation
from payments.queries.reconciling import reconciliation
from payments.when import day_words, last_day, moment_words, month_words
from people.models import Organisation

MOST_NAMED = 5  # entries and lines that one sentence names


def problems(organisation: Organisation) -> Iterator[str]:
    """What two persons signed and what can be read today, where they differ; and what came in between.

    A closed month takes no entry. A month that was left open does, and so does the bank's own record when
    a later file brings a line of an earlier day: then the sentence names them.
    """
    rows = SignedReconciliation.objects.filter(organisation=organisation)
    for signed in rows.select_related("account__organisation").order_by("pk"):
        name = f"{month_words(signed.month)} of {signed.account}"
        if hash_of(signed.figures) != signed.sha256:
            yield f"The signed figures of {name} are not the ones that were signed."
            continue
        if signed.checked_at is None:
            continue
        then, now = read(signed.figures), reconciliation(signed.account, last_day(signed.month))
        if then.difference != signed.difference or not agrees(then, now):
            yield (
                f"{name} was signed with {then.bank} per bank and {then.books} per books, but bank and books "
                f"now say {now.bank} and {now.books} of that day. {_since(signed) or 'Nothing says why.'}"
            )


def _since(signed: SignedReconciliation) -> str:
    """Entries of the account and lines of the bank that came after the first signature."""
    end, moment = last_day(signed.month), signed.prepared_at
    code = f"bank:{signed.account.name}"
    touches = Q(debit__code=code) | Q(credit__code=code)
    entries = Transfer.objects.filter(
        touches,
        entry__organisation=signed.organisation_id,
        entry__date__lte=end,
        entry__posted_at__gt=moment,
    )
    told = [
        f"Entry {number}, dated {day_words(day)}, was posted at {moment_words(posted)}."
        for number, day, posted in entries.order_by("entry_id")
        .values_list("entry__number", "entry__date", "entry__posted_at")
        .distinct()[:MOST_NAMED]
    ]
    lines = signed.account.lines.filter(date__lte=end, statement__imported_at__gt=moment)
    told += [
        f"Statement line {line.pk} of {day_words(line.date)} was imported at "
        f"{moment_words(line.statement.imported_at)}."
        for line in lines.select_related("statement").order_by("pk")[:MOST_NAMED]
    ]
    return " ".join(told)
