"""One box that finds claims, payments, runs, advices, bank lines and people, within what the reader may see.

Every look-up starts at the queries that scope the pages, so a search never knows more than they show. An
amount is compared with what the reader's own pages show: for whoever decides or helps, costs and never money
for time.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse

from claims.models import Claim, ClaimLine, CountsAs
from claims.queries.scope import (
    CHECKERS,
    DECIDERS,
    checked_claims,
    claims_to_decide_on,
    claims_visible_to,
    helped_claims,
    own_claims,
)
from claims.workflow import PAYABLE
from common.errors import DomainError
from common.money import parse_amount
from payments.models import Payment, PaymentRun, Remittance, StatementLine
from payments.pages import own_payments, payments_read, remittances_sent
from payments.queries import bank_accounts_visible_to, runs_visible_to
from payments.queries.details import payees_of
from payments.services.preparing import PREFIX
from people.directory import people_known_to
from people.models import Person, RoleKind
from people.standing import Standing
from people.templatetags.ledger_text import day

FEW = 10
SHORTEST_NAME = 2
LARGEST = 2**31 - 1  # of a run; keys go further, but nobody types them
_HANDLE = re.compile(r"([A-Z]*)[ \-]*([0-9]{1,11})", re.ASCII)


@dataclass(frozen=True)
class Hit:
    """One thing found. `amount` is in minor units; None where the reader's page shows none."""

    title: str
    text: str
    url: str
    amount: int | None = None
    currency: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind, newest first; `more` when there are others beyond these."""

    title: str
    hits: Sequence[Hit]
    more: bool


@dataclass(frozen=True)
class Term:
    """What was typed, and what it can be: a handle, an amount in minor units, a name."""

    text: str
    letters: str
    number: int | None
    amount: int | None

    @classmethod
    def read(cls, text: str) -> "Term":
        """Read a term made regular already: `£12.50`, `c41`, `EXP 000101` and `7` all mean something."""
        handle = _HANDLE.fullmatch(text.upper())
        return cls(
            text=text,
            letters=handle[1] if handle else "",
            number=int(handle[2]) if handle else None,
            amount=_amount(text),
        )

    def handle(self, *prefixes: str) -> int | None:
        """The number, if it was typed alone or behind one of these prefixes, and could be one of ours."""
        fits = self.letters in {"", *prefixes} and self.number is not None and self.number <= LARGEST
        return self.number if fits else None

    @property
    def name(self) -> str:
        """What to look for in names: nothing with less than two characters, or without a letter."""
        long_enough = len(self.text) >= SHORTEST_NAME and any(mark.isalpha() for mark in self.text)
        return self.text if long_enough else ""


def search_for(standing: Standing, text: str) -> list[Group]:
    """What this person may see of what they look for, by kind. A fixed number of questions for each part."""
    term, person = Term.read(text), standing.person
    keeps = standing.is_finance or standing.has(RoleKind.AUDITOR)
    groups = [
        _group("Claims", _claims(term, standing), _claim_hit),
        _group("Payments", _payments(term, person, keeps=keeps), _payment_hit),
        _group("Remittance advices", _remittances(term, person), _remittance_hit),
    ]
    if keeps:
        groups += [
            _group("Payment runs", _runs(term, person), _run_hit),
            _group("Bank statement lines", _lines(term, person), _line_hit),
            _group("Payees", _people(term, payees_of(person)), _payee_hit),
        ]
    if standing.has(RoleKind.ADMINISTRATOR):
        groups.append(_group("People", _people(term, people_known_to(person)), _person_hit))
    return [group for group in groups if group.hits]


def _group(title: str, rows: "QuerySet[Model]", hit: Callable[..., Hit]) -> Group:
    found = list(rows.order_by("-pk")[: FEW + 1])
    return Group(title, [hit(row) for row in found[:FEW]], more=len(found) > FEW)


def _claims(term: Term, standing: Standing) -> QuerySet[Claim]:
    wanted = Q(pk__in=[])
    if (number := term.handle("C")) is not None:
        wanted |= Q(reference=f"C{number:06d}")
    if term.name:
        wanted |= Q(contributor__in=_people(term, Person.objects.all()).values("pk"))
    if term.amount is not None:
        wanted |= _claims_of_amount(term.amount, standing)
    return claims_visible_to(standing.person).filter(wanted).select_related("contributor", "project")


def _claims_of_amount(amount: int, standing: Standing) -> Q:
    """Claims with a line of this amount on the reader's own page of them."""
    person, lines = standing.person, ClaimLine.objects.filter(claim=OuterRef("pk"))
    said = Q(allowed=amount) | Q(allowed__isnull=True, estimate=amount)
    costs = lines.filter(counts_as=CountsAs.EXPENSE)
    shown = [
        own_claims(person).filter(Exists(lines.filter(said))),
        helped_claims(person).filter(Exists(costs.filter(said))),
    ]
    if standing.has(*DECIDERS):
        shown.append(claims_to_decide_on(person).filter(Exists(costs.filter(said))))
    if standing.has(*CHECKERS):
        shown.append(checked_claims(person).filter(Exists(costs.filter(allowed=amount, status__in=PAYABLE))))
    return _any(Q(pk__in=claims.values("pk")) for claims in shown)


def _payments(term: Term, person: Person, *, keeps: bool) -> QuerySet[Payment]:
    rows = own_payments(person) | payments_read(person) if keeps else own_payments(person)
    wanted = Q(pk__in=[])
    if (number := term.handle(*PREFIX.values())) is not None:
        prefixes = [term.letters] if term.letters else sorted(PREFIX.values())
        wanted |= Q(reference__in=[f"{prefix} {number:06d}" for prefix in prefixes])
    if term.amount is not None:
        wanted |= Q(amount=term.amount)
    return rows.filter(wanted).select_related("run", "person")


def _remittances(term: Term, person: Person) -> QuerySet[Remittance]:
    return remittances_sent(person).filter(pk=_or_none(term.handle("R")))


def _runs(term: Term, person: Person) -> QuerySet[PaymentRun]:
    return runs_visible_to(person).filter(number=_or_none(term.handle("RUN")))


def _lines(term: Term, person: Person) -> QuerySet[StatementLine]:
    """Bank lines whose reference this is, or whose amount, in or out."""
    wanted = Q(reference__in={term.text, term.text.upper()})
    if term.amount is not None:
        wanted |= Q(amount__in=[term.amount, -term.amount])
    accounts = bank_accounts_visible_to(person).values("pk")
    return StatementLine.objects.filter(wanted, account__in=accounts).select_related("account__organisation")


def _people(term: Term, people: QuerySet[Person]) -> QuerySet[Person]:
    wanted = Q(name__icontains=term.name) if term.name else Q(pk__in=[])
    if (number := term.handle("P")) is not None:
        wanted |= Q(number=f"P{number:06d}")
    return people.filter(wanted)


def _claim_hit(claim: Claim) -> Hit:
    text = f"{claim.contributor.name}, {claim.project.name}"
    return Hit(f"Claim {claim.reference}", text, reverse("claims:claim", args=[claim.reference]))


def _payment_hit(payment: Payment) -> Hit:
    url = reverse("payments:payment", args=[payment.pk])
    title = f"Payment {payment.reference}"
    return Hit(title, payment.person.name, url, payment.amount, payment.run.currency)


def _remittance_hit(advice: Remittance) -> Hit:
    url = reverse("payments:remittance", args=[advice.number])
    return Hit(f"Advice {advice.number}", f"{advice.person.name}, a PDF", url)


def _run_hit(run: PaymentRun) -> Hit:
    text = f"{run.organisation.name}, to be paid on {day(run.pay_on)}"
    return Hit(f"Run {run.number}", text, reverse("payments:run", args=[run.pk]), run.total, run.currency)


def _line_hit(line: StatementLine) -> Hit:
    text = f"{line.description}, {line.account.name}"
    return Hit(
        day(line.date),
        text,
        reverse("bank:line", args=[line.pk]),
        line.amount,
        line.account.organisation.currency,
    )


def _payee_hit(person: Person) -> Hit:
    return Hit(person.name, f"{person.number}, bank details", reverse("payees:payee", args=[person.number]))


def _person_hit(person: Person) -> Hit:
    return Hit(person.name, person.number, reverse("people:person", args=[person.number]))


def _amount(text: str) -> int | None:
    try:
        return parse_amount(text)
    except DomainError:
        return None


def _any(conditions: Iterable[Q]) -> Q:
    wanted = Q(pk__in=[])
    for condition in conditions:
        wanted |= condition
    return wanted


def _or_none(number: int | None) -> int:
    """A key that nothing has, where no number was typed."""
    return -1 if number is None else number
