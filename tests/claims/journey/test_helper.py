"""The same journey for somebody else: every page says for whom, and nobody learns of money for time."""

import re
from decimal import Decimal

import pytest

from claims.models import Claim, Offer, Outcome
from claims.services.claiming import start_claim
from claims.workflow import ClaimStatus
from common.dates import today
from common.errors import NotPermitted
from people.services import add_person
from tests.cast import Cast
from tests.claims.journey.conftest import Browser
from tests.claims.paper import decided

pytestmark = pytest.mark.usefixtures("policy")


def make(lena_types: Browser, cast: Cast, offer: Offer) -> Claim:
    """Lena types Cora's bus fare and meeting."""
    start = lena_types.send("/claims/new/for/", choice=cast.cora.number).url
    time = lena_types.send(start, choice=offer.activity_id).url
    cost = lena_types.send(time, choice="yes").url
    receipt = lena_types.send(lena_types.send(cost, choice="bus").url, spent="4.20").url
    lena_types.send(receipt.replace("receipt", "post"))
    return Claim.objects.get()


def test_a_helper_types_a_claim_reads_it_back_and_sends_it(
    cast: Cast, lena_types: Browser, offer: Offer
) -> None:
    claim = make(lena_types, cast, offer)
    check = f"/claims/{claim.reference}/check/"
    page = lena_types.open(check)
    assert "Read this to Cora Contributor" in page.content.decode()
    assert lena_types.send(check, version=claim.version).url.endswith("/sent/")
    claim.refresh_from_db()
    assert (claim.status, claim.contributor, claim.entered_by) == (
        ClaimStatus.SUBMITTED,
        cast.cora,
        cast.lena,
    )
    with pytest.raises(NotPermitted):
        decided(cast, claim.lines.get(position=2), Outcome.APPROVE, actor=cast.lena)


def test_every_page_says_for_whom(cast: Cast, lena_types: Browser, offer: Offer) -> None:
    claim = make(lena_types, cast, offer)
    base = f"/claims/{claim.reference}"
    pages = [
        f"/claims/new/for/{cast.cora.number}/",
        f"/claims/new/for/{cast.cora.number}/other/",
        f"/claims/miles/{cast.cora.number}/",
        *(f"{base}/{page}/" for page in ("cost", "travel", "more-time", "cost/car", "check", "withdraw")),
        *(f"{base}/lines/2/{page}" for page in ("", "remove/", "receipt/", "lost/")),
    ]
    for url in pages:
        assert "You are typing this for Cora Contributor" in lena_types.open(url).content.decode(), url


def test_no_hint_speaks_to_the_helper_as_if_they_had_claimed(
    cast: Cast, lena_types: Browser, offer: Offer
) -> None:
    claim = make(lena_types, cast, offer)
    text = lena_types.open(f"/claims/{claim.reference}/cost/").content.decode()
    hints = re.findall(r'govuk-radios__hint"[^>]*>([^<]+)<', text)
    assert "Somebody looked after a child in the meantime" in hints
    assert not [hint for hint in hints if re.search(r"\byou", hint)]


def test_a_helper_is_never_told_what_time_comes_to(cast: Cast, lena_types: Browser, offer: Offer) -> None:
    claim = make(lena_types, cast, offer)
    fee = "55.00"
    for page in ("check/", "lines/1/", ""):
        text = lena_types.open(f"/claims/{claim.reference}/{page}").content.decode()
        assert fee not in text, page
        assert "59.20" not in text, page
    page = lena_types.open(f"/claims/{claim.reference}/check/")
    assert page.context["made"].time is None
    assert "£4.20" in page.content.decode()
    lena_types.send(f"/claims/{claim.reference}/check/", version=claim.version)
    assert fee not in lena_types.open(f"/claims/{claim.reference}/sent/").content.decode()


def test_the_contributor_sees_all_of_what_was_typed_for_them(
    cast: Cast, lena_types: Browser, cora_types: Browser, offer: Offer
) -> None:
    claim = make(lena_types, cast, offer)
    text = cora_types.open(f"/claims/{claim.reference}/check/").content.decode()
    assert "£55.00" in text
    assert "£59.20" in text


def test_only_people_one_helps_can_be_chosen(cast: Cast, lena_types: Browser, offer: Offer) -> None:
    choices = lena_types.open("/claims/new/for/").context["form"].fields["choice"].choices
    assert [number for number, _ in choices] == [cast.cora.number]
    answer = lena_types.send("/claims/new/for/", choice=cast.dev.number)
    assert "Select who the claim is for" in lena_types.errors(answer)
    assert lena_types.open(f"/claims/new/for/{cast.dev.number}/").status_code == 404


def test_who_helps_nobody_is_told_so(cast: Cast, lena_types: Browser) -> None:
    cast.cora.link_people.update(until=cast.cora.link_people.get().since)
    text = lena_types.open("/claims/new/for/").content.decode()
    assert "You help nobody with claims yet" in text


def test_a_helper_sees_no_draft_that_the_contributor_makes_alone(
    cast: Cast, lena_types: Browser, draft: Claim
) -> None:
    for page in ("check", "cost", "withdraw"):
        assert lena_types.open(f"/claims/{draft.reference}/{page}/").status_code == 404
    text = lena_types.open(f"/claims/new/for/{cast.cora.number}/other/").content.decode()
    assert draft.reference not in text


def test_miles_are_written_down_for_somebody(cast: Cast, lena_types: Browser) -> None:
    url = f"/claims/miles/{cast.cora.number}/"
    year = lena_types.open(url).context["form"].fields["year"].initial
    assert lena_types.send(url, miles="1200.5", year=year).url == "/"
    assert cast.cora.mileage_declarations.get().miles == Decimal("1200.5")
    assert lena_types.open(f"/claims/miles/{cast.dev.number}/").status_code == 404


def test_nobody_claims_for_somebody_they_are_not_linked_with(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        start_claim(actor=cast.lena, project=cast.project, contributor=cast.dev)
    stranger = add_person(actor=None, name="Nobody Known", email="nobody@example.org")
    with pytest.raises(NotPermitted):
        start_claim(actor=stranger, project=cast.project, contributor=stranger)
    assert today()
