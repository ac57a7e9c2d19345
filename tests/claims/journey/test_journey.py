"""From “what are you claiming for?” to “sent”, as a contributor goes through it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Answer, CancelledBy, Claim, ClaimLine, Offer, Outcome, Receipt
from claims.services.activities import cancel_activity
from claims.services.claiming import start_claim
from claims.services.offers import answer_offer, make_offer
from claims.workflow import ClaimStatus, LineStatus
from common.dates import london_day, now, set_now, today
from common.errors import DomainError
from people.models import RoleKind
from people.services import grant_role
from tests.cast import Cast
from tests.claims.journey.conftest import Browser
from tests.claims.meetings import meeting
from tests.claims.paper import decided
from tests.claims.receipts.samples import jpeg

pytestmark = pytest.mark.usefixtures("policy")


def lines_of(claim: Claim) -> list[tuple[str, str, int]]:
    return [(line.kind, line.mode, line.estimate) for line in claim.lines.order_by("position")]


def test_a_bus_fare_and_a_meeting_are_claimed_without_typing_what_is_known(
    cora_types: Browser, offer: Offer
) -> None:
    page = cora_types.open("/claims/new/")
    assert offer.activity.title in page.content.decode()
    time = cora_types.send("/claims/new/", choice=offer.activity_id).url
    assert "£55.00" in cora_types.open(time).content.decode()
    cost = cora_types.send(time, choice="yes").url
    bus = cora_types.send(cost, choice="bus").url
    receipt = cora_types.send(bus, spent="4.20").url
    check = cora_types.send(receipt, content=SimpleUploadedFile("r.jpg", jpeg())).url
    page = cora_types.open(check)
    for known in ("about", "£55.00", "£4.20", "£59.20", "What was paid", "Our rate for 2 hours"):
        assert known in page.content.decode()
    version = page.context["form"]["version"].value()
    sent = cora_types.send(check, version=version).url
    claim = Claim.objects.get()
    page = cora_types.open(sent)
    assert claim.reference in page.content.decode()
    assert "The help desk" in page.content.decode()
    assert (claim.status, claim.entered_by) == (ClaimStatus.SUBMITTED, claim.contributor)
    assert lines_of(claim) == [("time", "session", 5500), ("fare", "bus", 420)]
    assert claim.lines.get(kind="fare").receipt == Receipt.objects.get().handle
    assert claim.lines.get(kind="fare").date == london_day(offer.activity.starts_at)


@pytest.mark.parametrize(
    ("answer", "less", "estimate", "said"),
    [
        (Answer.DECLINED, None, 0, "You still get your costs back"),
        (Answer.LESS, 2000, 2000, "as you chose"),
        (Answer.ACCEPTED, None, 5500, "about"),
    ],
)
def test_the_answer_to_the_invitation_counts(
    cast: Cast, cora_types: Browser, answer: Answer, less: int | None, estimate: int, said: str
) -> None:
    activity = meeting(cast, starts_at=now() + timedelta(hours=1))
    offer = make_offer(actor=cast.lena, activity=activity, contributor=cast.cora)
    answer_offer(actor=cast.cora, offer_id=offer.pk, answer=answer, less_amount=less)
    time = cora_types.send("/claims/new/", choice=activity.pk).url
    assert said in cora_types.open(time).content.decode()
    cora_types.send(time, choice="yes")
    assert ClaimLine.objects.get().estimate == estimate


def test_another_length_is_typed_once(cora_types: Browser, draft: Claim) -> None:
    assert cora_types.send(f"/claims/{draft.reference}/time/", choice="other").url.endswith("/hours/")
    assert "What helped at home, " in cora_types.open(f"/claims/{draft.reference}/hours/").content.decode()
    assert cora_types.send(f"/claims/{draft.reference}/hours/", quantity="3.5").url.endswith("/cost/")
    assert draft.lines.get().quantity == Decimal("3.5")
    assert cora_types.open(f"/claims/{draft.reference}/time/").url.endswith("/cost/")
    assert cora_types.open(f"/claims/{draft.reference}/hours/").url.endswith("/cost/")


def test_who_was_not_there_claims_costs_only(cora_types: Browser, draft: Claim) -> None:
    assert cora_types.send(f"/claims/{draft.reference}/time/", choice="no").url.endswith("/cost/")
    assert not draft.lines.exists()


def test_starting_twice_goes_on_with_the_same_draft(cora_types: Browser, offer: Offer) -> None:
    first = cora_types.send("/claims/new/", choice=offer.activity_id).url
    page = cora_types.open("/claims/new/")
    assert f"Carry on with {Claim.objects.get().reference}" in page.content.decode()
    cast_claim = start_claim(
        actor=offer.contributor,
        project=offer.activity.project,
        contributor=offer.contributor,
        activity=offer.activity,
    )
    assert first == f"/claims/{cast_claim.reference}/time/"
    assert Claim.objects.count() == 1


def test_a_helper_does_not_start_beside_the_contributors_own_draft(
    cast: Cast, draft: Claim, offer: Offer
) -> None:
    with pytest.raises(DomainError, match="Cora Contributor already started"):
        start_claim(actor=cast.lena, project=cast.project, contributor=cast.cora, activity=offer.activity)


def test_what_is_claimed_already_or_still_to_come_is_not_offered(
    cast: Cast, cora_types: Browser, offer: Offer
) -> None:
    later = meeting(cast, title="Next week", starts_at=now() + timedelta(days=7))
    make_offer(actor=cast.lena, activity=later, contributor=cast.cora)
    assert "Next week" not in cora_types.open("/claims/new/").content.decode()
    with set_now(now() + timedelta(days=8)):
        browser = Browser(cast.cora)
        assert "Next week" in browser.open("/claims/new/").content.decode()
        browser.send("/claims/new/", choice=later.pk)
        text = browser.open("/claims/new/").content.decode()
        assert f'value="{later.pk}"' not in text
        assert f'value="{offer.activity_id}"' in text


def test_a_cancelled_meeting_asks_for_costs_only(cast: Cast, cora_types: Browser) -> None:
    activity = meeting(cast, starts_at=now() + timedelta(days=2))
    make_offer(actor=cast.lena, activity=activity, contributor=cast.cora)
    cancel_activity(
        actor=cast.lena, activity_id=activity.pk, cancelled_by=CancelledBy.ORGANISATION, told_at=now()
    )
    with set_now(now() + timedelta(days=3)):
        browser = Browser(cast.cora)
        assert "It was cancelled" in browser.open("/claims/new/").content.decode()
        time = browser.send("/claims/new/", choice=activity.pk).url
        assert browser.open(time).url.endswith("/cost/")


def test_something_else_names_its_project_and_day(cast: Cast, cora_types: Browser) -> None:
    grant_role(
        actor=cast.abel,
        person=cast.cora,
        kind=RoleKind.CONTRIBUTOR,
        organisation=cast.riverside,
        project=cast.other_project,
    )
    assert cora_types.open("/claims/new/").url == "/claims/new/other/"
    day = today() - timedelta(days=3)
    typed = {"on_day": day.day, "on_month": day.month, "on_year": day.year}
    cost = cora_types.send("/claims/new/other/", project=cast.other_project.pk, **typed).url
    assert cost.endswith(f"/cost/?on={day}")
    claim = Claim.objects.get()
    assert claim.project == cast.other_project
    details = cora_types.send(cost, choice="printing").url
    assert cora_types.open(details).context["form"]["on"].value() == tuple(map(str, typed.values()))
    cora_types.send(details, spent="2", **typed)
    assert claim.lines.get().date == day


COSTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("train", {"spent": "12.40"}, {"kind": "fare", "mode": "train", "estimate": 0}),
    ("taxi", {"spent": "12.40", "back": "same"}, {"spent": "24.80"}),
    ("car", {"quantity": "12.5"}, {"kind": "mileage", "mode": "car", "quantity": "12.5", "estimate": 688}),
    ("car", {"quantity": "12.5", "back": "same"}, {"quantity": "25.0", "estimate": 1375}),
    ("bicycle", {"quantity": "10"}, {"mode": "bicycle", "estimate": 200}),
    ("passenger", {"quantity": "10"}, {"kind": "passenger", "estimate": 50}),
    ("parking", {"spent": "8.40"}, {"kind": "parking"}),
    ("child", {"spent": "30", "quantity": "3", "funded_elsewhere": "10"}, {"kind": "care", "mode": "child"}),
    ("adult", {"spent": "130.50", "quantity": "6"}, {"kind": "care", "mode": "adult", "unit": "hour"}),
    ("support", {"spent": "12.40"}, {"kind": "support"}),
    ("food", {"spent": "7.45", "hours_away": "6.25"}, {"kind": "subsistence", "hours_away": "6.25"}),
    ("online", {}, {"kind": "online", "quantity": "1", "estimate": 500}),
    ("printing", {"spent": "2.80"}, {"kind": "printing", "estimate": 280}),
]


@pytest.mark.parametrize(("code", "typed", "kept"), COSTS, ids=[f"{row[0]}-{len(row[1])}" for row in COSTS])
def test_each_cost_asks_for_what_its_price_needs(
    cora_types: Browser, draft: Claim, code: str, typed: dict[str, Any], kept: dict[str, Any]
) -> None:
    answer = cora_types.send(f"/claims/{draft.reference}/cost/{code}/", **typed)
    assert answer.status_code == 302, cora_types.errors(answer)
    line = draft.lines.get()
    found = {name: line.spent.amount if name == "spent" else getattr(line, name) for name in kept}
    words = {"kind", "mode", "unit"}
    assert {name: found[name] if name in words else Decimal(found[name]) for name in kept} == {
        name: value if name in words else Decimal(value) for name, value in kept.items()
    }


def test_only_what_the_policy_pays_is_asked_about(cora_types: Browser, draft: Claim) -> None:
    text = cora_types.open(f"/claims/{draft.reference}/cost/").content.decode()
    assert "Bus fare" in text
    assert "A night away" not in text  # the example policy has no rate for it
    assert cora_types.open(f"/claims/{draft.reference}/cost/overnight/").status_code == 404


def test_rarer_ways_to_travel_have_a_page_of_their_own(cora_types: Browser, draft: Claim) -> None:
    url = cora_types.send(f"/claims/{draft.reference}/cost/", choice="travel").url
    assert "/travel/" in url
    assert "/cost/tram/" in cora_types.send(url, choice="tram").url


def test_time_that_was_not_offered_can_be_added(cora_types: Browser, draft: Claim) -> None:
    url = cora_types.send(f"/claims/{draft.reference}/cost/", choice="time").url
    assert cora_types.send(url, mode="preparation", quantity="1").url.endswith("/check/")
    assert lines_of(draft) == [("time", "preparation", 2750)]
    cora_types.send(url, mode="session", quantity="2")
    again = cora_types.send(url, mode="session", quantity="2")
    assert "already on the claim" in cora_types.errors(again)


def test_nothing_to_add_leads_to_the_check(cora_types: Browser, draft: Claim) -> None:
    url = f"/claims/{draft.reference}/cost/"
    assert cora_types.send(url, choice="nothing").url == f"/claims/{draft.reference}/check/"


def test_a_receipt_can_come_by_post_or_be_lost(cora_types: Browser, draft: Claim) -> None:
    cora_types.send(f"/claims/{draft.reference}/cost/bus/", spent="4.20")
    line = draft.lines.get()
    base = f"/claims/{draft.reference}/lines/1"
    assert (line.estimate, line.receipt) == (0, "")
    assert "Not here yet" in cora_types.open(f"/claims/{draft.reference}/check/").content.decode()
    cora_types.send(f"{base}/post/")
    line.refresh_from_db()
    assert (line.estimate, line.receipt) == (420, f"POST-{draft.reference}-1")
    cora_types.send(f"{base}/lost/", lost_because="The machine printed none")
    line.refresh_from_db()
    assert (line.estimate, line.receipt, line.note) == (420, "lost", "The machine printed none")


def test_a_line_is_changed_and_taken_out(cora_types: Browser, draft: Claim) -> None:
    cora_types.send(f"/claims/{draft.reference}/cost/printing/", spent="2.80")
    base, day = f"/claims/{draft.reference}/lines/1", draft.lines.get().date
    page = cora_types.open(f"{base}/")
    assert page.context["form"]["spent"].value() == "2.80"
    typed = {"on_day": day.day, "on_month": day.month, "on_year": day.year}
    assert cora_types.send(f"{base}/", spent="3.10", **typed).url.endswith("/check/")
    assert draft.lines.get().estimate == 310
    assert cora_types.send(f"{base}/remove/").url.endswith("/check/")
    assert not draft.lines.exists()
    assert cora_types.open(f"{base}/").status_code == 404


def sent(cora_types: Browser, draft: Claim) -> Claim:
    cora_types.send(f"/claims/{draft.reference}/time/", choice="yes")
    cora_types.send(f"/claims/{draft.reference}/cost/printing/", spent="2.80")
    draft.refresh_from_db()
    cora_types.send(f"/claims/{draft.reference}/check/", version=draft.version)
    draft.refresh_from_db()
    assert draft.status == ClaimStatus.SUBMITTED
    return draft


def test_a_sent_claim_is_corrected_until_it_is_decided(cast: Cast, cora_types: Browser, draft: Claim) -> None:
    claim = sent(cora_types, draft)
    before = claim.version
    assert "Correct this claim" in cora_types.open(f"/claims/{claim.reference}/").content.decode()
    cora_types.send(f"/claims/{claim.reference}/cost/car/", quantity="4")
    cora_types.send(f"/claims/{claim.reference}/lines/2/remove/")
    claim.refresh_from_db()
    assert claim.version == before + 2
    assert claim.lines.get(position=2).status == LineStatus.WITHDRAWN
    text = cora_types.open(f"/claims/{claim.reference}/check/").content.decode()
    assert "Printing</h2>" not in text
    assert "Miles travelled by car</h2>" in text
    assert "Send your claim" not in text
    decided(cast, claim.lines.get(position=1))
    assert cora_types.open(f"/claims/{claim.reference}/lines/1/").status_code == 409
    decided(cast, claim.lines.get(position=3))
    assert cora_types.open(f"/claims/{claim.reference}/check/").status_code == 409
    assert "Correct this claim" not in cora_types.open(f"/claims/{claim.reference}/").content.decode()


def test_what_was_checked_is_what_is_sent(cora_types: Browser, draft: Claim) -> None:
    cora_types.send(f"/claims/{draft.reference}/time/", choice="yes")
    draft.refresh_from_db()
    stale = draft.version
    cora_types.send(f"/claims/{draft.reference}/cost/printing/", spent="2.80")
    answer = cora_types.send(f"/claims/{draft.reference}/check/", version=stale)
    assert answer.status_code == 409
    assert "changed after you opened it" in answer.content.decode()


def test_a_form_sent_twice_has_one_effect(cora_types: Browser, draft: Claim) -> None:
    url = f"/claims/{draft.reference}/cost/printing/"
    for _ in range(2):
        assert cora_types.client.post(url, {"key": "a" * 32, "spent": "2.80"}).status_code == 302
    assert draft.lines.count() == 1
    answer = cora_types.client.post(url, {"key": "a" * 32, "spent": "2.90"})
    assert answer.status_code == 409


def test_a_question_is_answered_with_words_or_a_file(cast: Cast, cora_types: Browser, draft: Claim) -> None:
    claim = sent(cora_types, draft)
    line = claim.lines.get(position=2)
    decided(cast, line, Outcome.ASK, reason="What did you print?")
    page = cora_types.open(f"/claims/{claim.reference}/").content.decode()
    assert "What did you print?" in page
    url = f"/claims/{claim.reference}/lines/2/answer/"
    assert url in page
    assert "Enter your answer" in cora_types.errors(cora_types.send(url))
    cora_types.send(url, note="The agenda", content=SimpleUploadedFile("r.jpg", jpeg()))
    line.refresh_from_db()
    assert (line.status, line.note, line.receipt) == (
        LineStatus.OPEN,
        "The agenda",
        Receipt.objects.get().handle,
    )
    assert cora_types.open(url).status_code == 404


def test_a_claim_is_withdrawn(cora_types: Browser, draft: Claim) -> None:
    url = f"/claims/{draft.reference}/withdraw/"
    assert cora_types.open(url).status_code == 200
    assert cora_types.send(url).url == "/"
    draft.refresh_from_db()
    assert draft.status == ClaimStatus.WITHDRAWN
    assert cora_types.open(f"/claims/{draft.reference}/check/").status_code == 409


def test_a_draft_is_kept_and_found_again(cora_types: Browser, draft: Claim) -> None:
    cora_types.send(f"/claims/{draft.reference}/cost/printing/", spent="2.80")
    page = cora_types.open(f"/claims/{draft.reference}/").content.decode()
    assert "Carry on with this claim" in page
    assert cora_types.open(f"/claims/{draft.reference}/sent/").url.endswith("/check/")


def test_an_empty_claim_cannot_be_sent(cora_types: Browser, draft: Claim) -> None:
    page = cora_types.open(f"/claims/{draft.reference}/check/").content.decode()
    assert "Send your claim" not in page
    answer = cora_types.send(f"/claims/{draft.reference}/check/", version=draft.version)
    assert "Add at least one line" in cora_types.errors(answer)


def test_miles_claimed_elsewhere_change_the_price(cora_types: Browser, draft: Claim) -> None:
    cora_types.send(f"/claims/{draft.reference}/cost/car/", quantity="100")
    assert draft.lines.get().estimate == 5500
    url = f"/claims/miles/?claim={draft.reference}"
    page = cora_types.open(url)
    year = page.context["form"].fields["year"].initial
    assert cora_types.send(url, miles="9940", year=year).url == f"/claims/{draft.reference}/check/"
    assert draft.lines.get().estimate == 60 * 55 + 40 * 25
    assert "then 25p" in cora_types.open(f"/claims/{draft.reference}/check/").content.decode()
