"""Decide several lines of a claim at once: all or none, one version, one effect however often it is sent."""

from decimal import Decimal
from typing import Any

import pytest

from audit.actions import Action
from audit.models import Event
from claims import verify
from claims.models import Claim, ClaimLine, Decision, Outcome
from claims.services.deciding import decide_claim
from claims.services.settling import Choice
from claims.services.verdicts import DecisionError
from claims.workflow import ClaimStatus, LineStatus
from common.errors import DomainError, IllegalMove, KeyReused, NotPermitted, NotVisible, Stale
from ledger.models import Commitment, JournalEntry
from people.models import Message, MessageKind
from tests.cast import Cast
from tests.claims.paper import BUS, SESSION, typed

pytestmark = pytest.mark.usefixtures("policy")
TAXI = "B1,2,cora,2026-11-10,fare,taxi,,,12.00,,,R-2,,,"
TIME = SESSION.format(answer="").replace("S1,1", "B1,3")


@pytest.fixture
def lines(cast: Cast) -> list[ClaimLine]:
    """A bus, a taxi and two hours on one claim."""
    return typed(cast, BUS, TAXI, TIME)


def agree(line: ClaimLine, **options: Any) -> Choice:
    return Choice(line.pk, Outcome.APPROVE, **options)


def sent(cast: Cast, lines: list[ClaimLine], *choices: Choice, **options: Any) -> Claim:
    asked: dict[str, Any] = {"actor": cast.anil, "claim_id": lines[0].claim_id, "decisions": choices}
    return decide_claim(**asked | options)


def test_it_decides_every_line_and_closes_the_claim(cast: Cast, lines: list[ClaimLine]) -> None:
    bus, taxi, time = lines
    claim = sent(
        cast,
        lines,
        Choice(time.pk, Outcome.REDUCE, hours=Decimal(1), reason="Left at the break."),
        agree(bus),
        Choice(taxi.pk, Outcome.REFUSE, reason="The bus was running."),
    )
    assert (claim.status, claim.version) == (ClaimStatus.DECIDED, 2)
    assert list(claim.lines.order_by("position").values_list("status", "allowed")) == [
        ("approved", 500),
        ("refused", 0),
        ("reduced", 2750),
    ]
    assert JournalEntry.objects.filter(source__startswith="claim:").count() == 2
    assert not Commitment.objects.filter(closed_at__isnull=True).exists()
    assert list(verify.problems(cast.riverside)) == []


def test_lines_that_are_not_named_stay_undecided(cast: Cast, lines: list[ClaimLine]) -> None:
    claim = sent(cast, lines, agree(lines[0]))
    assert claim.status == ClaimStatus.SUBMITTED
    assert ClaimLine.objects.filter(status=LineStatus.OPEN).count() == 2


def test_one_refusal_refuses_all(cast: Cast, lines: list[ClaimLine]) -> None:
    bus, taxi, _ = lines
    events = Event.objects.count()
    with pytest.raises(DecisionError, match="£12.00"):
        sent(cast, lines, agree(bus), Choice(taxi.pk, Outcome.REDUCE, allowed=9_999, reason="A part."))
    assert not Decision.objects.exists()
    assert not JournalEntry.objects.filter(source__startswith="claim:").exists()
    assert Event.objects.count() == events
    assert Claim.objects.get().version == 1


def test_a_line_that_is_decided_refuses_all(cast: Cast, lines: list[ClaimLine]) -> None:
    sent(cast, lines, agree(lines[0]))
    with pytest.raises(IllegalMove, match="approved"):
        sent(cast, lines, agree(lines[1]), agree(lines[0]))
    assert Decision.objects.count() == 1


def test_the_same_form_twice_has_one_effect(cast: Cast, lines: list[ClaimLine]) -> None:
    bus, taxi, _ = lines
    first = sent(cast, lines, agree(bus), expected_version=1, key="form-1")
    assert sent(cast, lines, agree(bus), expected_version=1, key="form-1") == first
    assert Decision.objects.count() == 1
    with pytest.raises(KeyReused):
        sent(cast, lines, agree(taxi), expected_version=1, key="form-1")


def test_an_old_screen_is_refused_with_who_did_what(cast: Cast, lines: list[ClaimLine]) -> None:
    sent(cast, lines, agree(lines[0]), expected_version=1)
    with pytest.raises(Stale, match="Anil Lead decided a claim line"):
        sent(cast, lines, agree(lines[1]), expected_version=1)


def test_nobody_decides_their_own_or_another_claims_lines(cast: Cast, lines: list[ClaimLine]) -> None:
    [other] = typed(cast, BUS.replace("B1", "B2").replace("R-1", "R-9"))
    for asked in ((agree(other),), (agree(lines[0]), agree(other))):
        with pytest.raises(NotVisible):
            sent(cast, lines, *asked)
    with pytest.raises(NotVisible):
        sent(cast, lines, agree(lines[0]), actor=cast.otto)
    for actor in (cast.cora, cast.lena, cast.hana):
        with pytest.raises(NotPermitted):
            sent(cast, lines, agree(lines[0]), actor=actor)
    with pytest.raises(DomainError, match="at least one"):
        sent(cast, lines)
    assert not Decision.objects.exists()


def test_it_is_recorded_line_by_line_and_told_once(cast: Cast, lines: list[ClaimLine]) -> None:
    bus, taxi, time = lines
    told = Message.objects.filter(person=cast.cora)
    asked = [Choice(line.pk, Outcome.ASK, reason="Which way was this?") for line in (bus, taxi)]
    sent(cast, lines, *asked)
    assert told.filter(kind=MessageKind.LINE_QUERIED).count() == 1
    sent(cast, lines, *map(agree, lines))
    assert told.filter(kind=MessageKind.CLAIM_DECIDED).count() == 1
    events = Event.objects.filter(action=Action.LINE_DECIDED)
    assert sorted(events.values_list("version", flat=True)) == [2, 2, 3, 3, 3]
    assert time.claim_id == events[0].subject_id
