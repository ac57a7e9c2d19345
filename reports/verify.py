"""Everything that must agree, asked in one place: books, payments, claims, budgets, guards, trail."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.db.models import Sum

import audit.verify
import claims.verify
import ledger.verify
import payments.verify
from audit import guards
from audit.models import Event
from claims.models import ClaimLine
from ledger.models import AccountMonth, Transfer
from payments.models import Payment
from people.models import Organisation, Project
from reports.position import disagreements_with_books


@dataclass(frozen=True)
class Part:
    """One thing that is checked: what it is, how many of what, and its disagreements in words."""

    name: str
    unit: str
    count: Callable[[], int]
    problems: Callable[[], Iterator[str]]


def problems() -> Iterator[str]:
    """Every disagreement in words, the gravest kinds first; nothing when all agree."""
    for part in parts(Organisation.objects.order_by("code")):
        yield from part.problems()


def parts(organisations: Iterable[Organisation]) -> list[Part]:
    """What is checked for these organisations. Guards and trail are one for all."""
    return [
        Part("Guards of the database", "guards", _guards, lambda: iter(guards.disagreements())),
        *(part for organisation in organisations for part in _parts_of(organisation)),
        Part("Trail", "events", Event.objects.count, audit.verify.problems),
    ]


def _parts_of(organisation: Organisation) -> list[Part]:
    transfers = Transfer.objects.filter(entry__organisation=organisation)
    lines = ClaimLine.objects.filter(claim__organisation=organisation)
    payments_ = Payment.objects.filter(organisation=organisation)
    projects = Project.objects.filter(organisation=organisation)
    of = f"of {organisation.name}"
    return [
        Part(f"Books {of}", "transfers", transfers.count, partial(ledger.verify.problems, organisation)),
        Part(f"Claims {of}", "claim lines", lines.count, partial(claims.verify.problems, organisation)),
        Part(f"Payments {of}", "payments", payments_.count, partial(payments.verify.problems, organisation)),
        Part(f"Budgets {of}", "projects", projects.count, partial(_positions, organisation)),
    ]


def _positions(organisation: Organisation) -> Iterator[str]:
    for project in Project.objects.filter(organisation=organisation).order_by("pk"):
        yield from disagreements_with_books(project)


def _guards() -> int:
    return len(guards.expected(connection.vendor))


def ledger_totals(organisations: Iterable[Organisation] | None = None) -> dict[str, int]:
    """All debits in the books, in minor units, by organisation: a rewritten ledger would not match."""
    rows = AccountMonth.objects.values("account__organisation__code").order_by("account__organisation__code")
    if organisations is not None:
        rows = rows.filter(account__organisation__in=organisations)
    return {row["account__organisation__code"]: row["total"] for row in rows.annotate(total=Sum("debits"))}
