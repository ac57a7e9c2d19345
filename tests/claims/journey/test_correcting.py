"""The steps that correct a line: they work, they are refused in every other state, all or nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from audit.actions import Action
from audit.models import Event
from claims import queries, verify
from claims.models import Claim, ClaimLine, MileageDeclaration, Outcome
from claims.pricing.lines import PricingError
from claims.services.claiming import add_line, remove_line, start_claim, submit, withdraw
from claims.services.correcting import change_line, show_receipt
from claims.services.miles import declare_miles, open_tax_years
from claims.workflow import LineStatus
from common.dates import tax_year, today
from common.errors import DomainError, IllegalMove, NotPermitted, NotVisible, Stale
from common.money import from_minor
from ledger.models import Commitment
from tests.cast import Cast
from tests.claims.paper import decided

pytestmark = pytest.mark.usefixtures("policy")
DAY = date(2026, 11, 10)


@pytest.fixture
def claim(cast: Cast) -> Claim:
    """A draft with a bus fare that has no receipt, and food for which one was away 6 hours."""
    made = start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)
    asked: dict[str, Any] = {"actor": cast.cora, "claim_id": made.pk, "on": DAY}
    add_line(**asked, kind="fare", mode="bus", spent=from_minor(420, "GBP"))
    add_line(
        **asked,
        kind="subsistence",
        spent=from_minor(745, "GBP"),
        hours_away=Decimal(6),
        receipt="R-2",
    )
    made.refresh_from_db()
    return made


def line(claim: Claim, position: int = 1) -> ClaimLine:
    return claim.lines.get(position=position)


def fare(cast: Cast, found: ClaimLine, pence: int = 500, **options: Any) -> ClaimLine:
    asked: dict[str, Any] = {"actor": cast.cora, "line_id": found.pk, "on": DAY}
    return change_line(**asked | {"spent": from_minor(pence, "GBP")} | options)


def test_a_changed_line_is_priced_again_and_raises_the_version(cast: Cast, claim: Claim) -> None:
    show_receipt(actor=cast.cora, line_id=line(claim).pk, receipt="R-1")
    changed = fare(cast, line(claim), 610)
    version = claim.version
    claim.refresh_from_db()
    assert (changed.estimate, changed.estimate_reason, claim.version) == (610, "", version + 2)
    assert Event.objects.filter(action=Action.LINE_CHANGED, subject_id=claim.pk).count() == 2


def test_a_change_of_a_sent_claim_moves_what_is_reserved(cast: Cast, claim: Claim) -> None:
    show_receipt(actor=cast.cora, line_id=line(claim).pk, receipt="R-1")
    submit(actor=cast.cora, claim_id=claim.pk)
    fare(cast, line(claim), 610)
    open_now = Commitment.objects.filter(closed_at__isnull=True).values_list("source", "amount")
    assert sorted(open_now) == [(f"line:{line(claim).pk}", 610), (f"line:{line(claim, 2).pk}", 500)]
    assert list(verify.problems(cast.riverside)) == []


def test_a_change_frees_what_limited_another_line(cast: Cast, claim: Claim) -> None:
    asked: dict[str, Any] = {"actor": cast.cora, "claim_id": claim.pk, "on": DAY}
    more = add_line(
        **asked, kind="subsistence", spent=from_minor(300, "GBP"), hours_away=Decimal(6), receipt="R-3"
    )
    assert more.estimate == 0
    remove_line(actor=cast.cora, line_id=line(claim, 2).pk)
    more.refresh_from_db()
    assert (more.estimate, more.estimate_reason) == (300, "")


def test_changing_a_line_that_was_asked_about_answers_the_question(cast: Cast, claim: Claim) -> None:
    submit(actor=cast.cora, claim_id=claim.pk)
    decided(cast, line(claim), Outcome.ASK, reason="Where is the ticket?")
    shown = show_receipt(actor=cast.cora, line_id=line(claim).pk, receipt="R-9")
    assert (shown.status, shown.reason, shown.receipt) == (LineStatus.OPEN, "", "R-9")
    assert queries.approver_claim(cast.anil, claim.pk).costs[0].receipt == "R-9"


def test_a_decided_line_and_a_withdrawn_claim_stay(cast: Cast, claim: Claim) -> None:
    submit(actor=cast.cora, claim_id=claim.pk)
    decided(cast, line(claim, 2))
    for step in (change_line, show_receipt):
        asked: dict[str, Any] = {"actor": cast.cora, "line_id": line(claim, 2).pk}
        more = {"on": DAY} if step is change_line else {"receipt": "R-7"}
        with pytest.raises(IllegalMove, match="approved"):
            step(**asked, **more)
    other = start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)
    add_line(actor=cast.cora, claim_id=other.pk, on=DAY, kind="printing", spent=from_minor(100, "GBP"))
    withdraw(actor=cast.cora, claim_id=other.pk)
    with pytest.raises(IllegalMove, match="withdrawn"):
        fare(cast, line(other))


def test_a_stale_screen_is_refused_with_what_happened(cast: Cast, claim: Claim) -> None:
    seen = claim.version
    fare(cast, line(claim), 500, expected_version=seen)
    with pytest.raises(Stale, match="Cora Contributor changed a line"):
        fare(cast, line(claim), 600, expected_version=seen)
    with pytest.raises(Stale):
        remove_line(actor=cast.cora, line_id=line(claim).pk, expected_version=seen)
    with pytest.raises(Stale):
        submit(actor=cast.cora, claim_id=claim.pk, expected_version=seen)


def test_a_change_that_cannot_be_priced_leaves_no_trace(cast: Cast, claim: Claim) -> None:
    before, events = (claim.version, line(claim).spent), Event.objects.count()
    with pytest.raises(PricingError):
        fare(cast, line(claim), 500, on=date(2019, 1, 1))
    with pytest.raises(DomainError, match="characters"):
        fare(cast, line(claim), 500, note="x" * 301)
    claim.refresh_from_db()
    assert ((claim.version, line(claim).spent), Event.objects.count()) == (before, events)


def test_strangers_and_onlookers_change_nothing(cast: Cast, claim: Claim) -> None:
    for stranger in (cast.dev, cast.otto):
        with pytest.raises(NotVisible):
            fare(cast, line(claim), actor=stranger)
    submit(actor=cast.cora, claim_id=claim.pk)
    for onlooker in (cast.anil, cast.lena):
        with pytest.raises(NotPermitted):
            fare(cast, line(claim), actor=onlooker)
    with pytest.raises(NotVisible):
        change_line(actor=cast.cora, line_id=999_999, on=DAY)


def test_the_same_form_again_changes_once(cast: Cast, claim: Claim) -> None:
    for _ in range(2):
        fare(cast, line(claim), 510, key="k")
    version = claim.version
    claim.refresh_from_db()
    assert claim.version == version + 1


def test_a_receipt_has_to_be_named_or_missed_with_a_reason(cast: Cast, claim: Claim) -> None:
    for nothing in ("", " ", "lost"):
        with pytest.raises(DomainError, match="Name the receipt"):
            show_receipt(actor=cast.cora, line_id=line(claim).pk, receipt=nothing)
    lost = show_receipt(actor=cast.cora, line_id=line(claim).pk, lost_because="None was printed")
    assert (lost.receipt, lost.note, lost.estimate) == ("lost", "None was printed", 420)


def test_miles_are_declared_once_a_year_and_said_again(cast: Cast) -> None:
    this, last = open_tax_years()
    assert (this, tax_year(today())) == (tax_year(today()), this)
    assert last < this
    for miles in ("1200.5", "1300"):
        declare_miles(actor=cast.cora, contributor=cast.cora, year=this, miles=Decimal(miles))
    assert MileageDeclaration.objects.get().miles == 1300
    assert Event.objects.filter(action=Action.MILES_DECLARED).count() == 2


@pytest.mark.parametrize(
    ("year", "miles"), [("1999-00", "1"), ("2026-27", "-1"), ("2026-27", "200001"), ("2026-27", "1.25")]
)
def test_miles_that_cannot_be_are_refused(cast: Cast, year: str, miles: str) -> None:
    with pytest.raises(DomainError):
        declare_miles(actor=cast.cora, contributor=cast.cora, year=year, miles=Decimal(miles))
    assert not MileageDeclaration.objects.exists()


def test_nobody_declares_for_a_stranger_or_for_somebody_who_does_not_contribute(cast: Cast) -> None:
    for actor, person in ((cast.dev, cast.cora), (cast.lena, cast.dev), (cast.anil, cast.anil)):
        with pytest.raises(NotPermitted):
            declare_miles(actor=actor, contributor=person, year=open_tax_years()[0], miles=Decimal(1))
    assert not MileageDeclaration.objects.exists()
