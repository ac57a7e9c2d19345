"""Many people with many due lines, made set-based: for what must cost the same however many there are."""

from datetime import timedelta
from itertools import cycle, islice
from typing import TypeVar

from django.db import connection, transaction

from audit import guards
from audit.history import ADDED, write_history
from claims.models import Claim, ClaimLine, Decision, LineShare, Outcome
from common.dates import now, today
from ledger.models import AccountKind
from ledger.services import budgets
from ledger.services.accounts import account
from ledger.services.posting import Draft, Leg, post_batch
from payments.models import BankDetails
from payments.secrets import Plain, fingerprint, new_key, seal
from people.models import Channel, Person
from tests.cast import PLAN, Cast
from tests.payments.office import fare, hours

BATCH = 500
M = TypeVar("M", Claim, ClaimLine)
TABLES = ("claims_claim", "claims_claimline", "claims_lineshare")
ENTRIES_OF_DECISIONS = """
    UPDATE claims_decision SET entry_id = (
        SELECT entry.id FROM ledger_journalentry entry
        JOIN claims_claimline line ON line.id = claims_decision.line_id
        WHERE entry.organisation_id = %s
            AND entry.source = 'claim:' || line.claim_id || ':decision:' || claims_decision.id
    ) WHERE id >= %s
"""


def crowd(cast: Cast, *, people: int, lines: int) -> list[Person]:
    """This many people with as many due lines in turn, costs and time, owed in the books; accounts verified.

    The lines are copies of two that went the whole way, with their decisions, entries and history, so that
    `reports.verify` agrees with them. Only the guards that watch that way are off. Left out are events of
    the trail: each is sealed for its person, one by one.
    """
    patterns = [fare(cast, cast.cora, 1250), hours(cast, cast.cora, 2)]
    crowded = _people(people)
    _accounts(cast, crowded)
    watching = [each.name for each in guards.expected(connection.vendor) if each.table in TABLES]
    with guards.without(*watching), transaction.atomic():
        made = _lines(crowded, patterns, lines)
    with transaction.atomic():
        _owe(cast, made, _decided(cast, made))
    return crowded


def afford(cast: Cast) -> None:
    """A budget that covers any crowd."""
    plan = {str(category): 10**9 for category in PLAN}
    proposed = budgets.propose(actor=cast.anil, project=cast.project, lines=plan)
    budgets.agree(actor=cast.farah, budget_id=proposed.pk)


def _people(count: int) -> list[Person]:
    first = Person.objects.order_by("-pk")[0].pk + 1
    return Person.objects.bulk_create(
        [
            Person(number=f"P{500_000 + first + n}", name=f"Person Number {n}", channel=Channel.PHONE)
            for n in range(count)
        ],
        batch_size=BATCH,
    )


def _accounts(cast: Cast, people: list[Person]) -> None:
    then = now() - timedelta(days=30)
    rows = []
    for n, person in enumerate(people):
        plain = Plain(f"Person {n}", f"{200_000 + n % 700_000:06}", f"{n:08}", "")
        row = new_key()
        rows.append(
            BankDetails(
                pk=row,
                person=person,
                fingerprint=fingerprint(plain),
                last_digits=plain.last_digits,
                entered_by=person,
                entered_at=then,
                verified_by=cast.farah,
                verified_at=then,
                usable_from=then,
                **seal(plain, row=row, person=person.pk),
            )
        )
    BankDetails.objects.bulk_create(rows, batch_size=BATCH)


def _lines(people: list[Person], patterns: list[ClaimLine], count: int) -> list[ClaimLine]:
    pattern = patterns[0].claim
    claims: list[Claim] = []
    for n, person in enumerate(people):
        claim = Claim.objects.get(pk=pattern.pk) if n == 0 else _copy(claims[0])
        claim.pk, claim.contributor, claim.entered_by = None, person, person
        claim.reference = f"C{5_000_000 + person.pk}"
        claims.append(claim)
    claims = Claim.objects.bulk_create(claims, batch_size=BATCH)
    places: dict[int, int] = {}
    lines = []
    for n, claim in enumerate(islice(cycle(claims), count)):
        line = _copy(patterns[(n // len(claims)) % 2])
        line.pk, line.claim, line.receipt = None, claim, f"copy {n}" if line.receipt else ""
        line.position = places[claim.pk] = places.get(claim.pk, 0) + 1
        lines.append(line)
    lines = ClaimLine.objects.bulk_create(lines, batch_size=BATCH)
    shares = [
        LineShare(
            line=line,
            position=1,
            project=pattern.project,
            amount=line.allowed or 0,
            policy_amount=line.allowed or 0,
        )
        for line in lines
    ]
    LineShare.objects.bulk_create(shares, batch_size=BATCH)
    write_history(Claim.objects.filter(pk__gte=claims[0].pk), ADDED)
    write_history(ClaimLine.objects.filter(pk__gte=lines[0].pk), ADDED)
    return lines


def _copy(row: M) -> M:
    return type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})


def _decided(cast: Cast, lines: list[ClaimLine]) -> list[Decision]:
    return Decision.objects.bulk_create(
        [
            Decision(
                line=line,
                number=1,
                outcome=Outcome.APPROVE,
                contributor_id=line.claim.contributor_id,
                entered_by_id=line.claim.entered_by_id,
                decided_by=cast.anil,
                decided_at=line.decided_at or now(),
            )
            for line in lines
        ],
        batch_size=BATCH,
    )


def _owe(cast: Cast, lines: list[ClaimLine], decisions: list[Decision]) -> None:
    """What was decided is owed: one entry for each decision, in one batch."""
    kinds = (AccountKind.COST, AccountKind.OWED)
    sides = {
        category: tuple(account(cast.riverside, kind, cast.project, category) for kind in kinds)
        for category in {line.category for line in lines}
    }
    entries = [
        Draft(
            source=f"claim:{line.claim_id}:decision:{decision.pk}",
            narrative=f"Claim {line.claim.reference}",
            date=today(),
            legs=[
                Leg(
                    debit=sides[line.category][0],
                    credit=sides[line.category][1],
                    amount=line.allowed or 0,
                    party=line.claim.contributor_id,
                )
            ],
        )
        for line, decision in zip(lines, decisions, strict=True)
    ]
    post_batch(organisation=cast.riverside, entries=entries, actor=cast.anil)
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES_OF_DECISIONS, [cast.riverside.pk, decisions[0].pk])
