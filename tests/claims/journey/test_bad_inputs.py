"""What people mistype and attackers forge: always an answer in words, never a change, nothing typed lost."""

from collections.abc import Iterator
from datetime import timedelta
from html import escape
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import Claim, ClaimLine, Offer, Receipt
from claims.services.claiming import add_line, start_claim
from claims.workflow import ClaimStatus
from common.dates import now, today
from common.money import from_minor
from people.models import Organisation
from tests.cast import Cast
from tests.claims.journey.conftest import KEY, Browser
from tests.claims.meetings import meeting
from tests.claims.receipts.samples import locked_pdf
from tests.worlds import world

ARABIC: Final = "\u0664\u0662"
RTL: Final = "\u202e"
FLOOD: Final = "x" * 10_000_000
BUS, CAR, CHILD, FOOD = "cost/bus/", "cost/car/", "cost/child/", "cost/food/"
PRINTING, TIME, MORE, LOST, LINE = "cost/printing/", "time/", "more-time/", "lines/2/lost/", "lines/1/"
RECEIPT, CHECK, MILES, OTHER = "lines/2/receipt/", "check/", "/claims/miles/", "/claims/new/other/"
DAY = {"on-day": "20", "on-month": "11", "on-year": "2026"}


def day(one: str, month: str, year: str) -> dict[str, str]:
    return {"on-day": one, "on-month": month, "on-year": year, "spent": "2"}


def file(content: bytes, name: str = "receipt.jpg") -> dict[str, Any]:
    return {"content": SimpleUploadedFile(name, content)}


# (where, what is typed, what is said): each is refused with 422 and an error summary.
SAID: Final[list[tuple[str, dict[str, Any], str]]] = [
    (BUS, {"spent": ""}, "Enter the bus fare"),
    (BUS, {}, "Enter the bus fare"),
    (BUS, {"spent": "   "}, "Enter the bus fare"),
    (BUS, {"spent": "1e3"}, "like 12.50"),
    (BUS, {"spent": "1_000"}, "like 12.50"),
    (BUS, {"spent": ARABIC}, "like 12.50"),
    (BUS, {"spent": "-4.20"}, "zero or more"),
    (BUS, {"spent": "\u22124.20"}, "zero or more"),
    (BUS, {"spent": "0"}, "£0.01 or more"),
    (BUS, {"spent": "4.205"}, "2 figures after the point"),
    (BUS, {"spent": "10,00"}, "like 12.50"),
    (BUS, {"spent": "4.20 pounds"}, "like 12.50"),
    (BUS, {"spent": "🚌"}, "like 12.50"),
    (BUS, {"spent": f"4{RTL}.20"}, "like 12.50"),
    (BUS, {"spent": "4\x00.20"}, "like 12.50"),
    (BUS, {"spent": "NaN"}, "like 12.50"),
    (BUS, {"spent": "Infinity"}, "like 12.50"),
    (BUS, {"spent": "0x10"}, "like 12.50"),
    (BUS, {"spent": "99999999999"}, "or less"),
    (BUS, {"spent": "9" * 100_000}, "like 12.50"),
    (BUS, {"spent": "<script>alert(1)</script>"}, "like 12.50"),
    (BUS, {"spent": "4.20", "back": "twice"}, "Select the way back"),
    (BUS, {"spent": "4.20", "key": ""}, "form has expired"),
    (BUS, {"spent": "4.20", "key": "../../etc"}, "form has expired"),
    (BUS, {"spent": "4.20", "key": "\x00" * 32}, "form has expired"),
    (CAR, {"quantity": ""}, "Enter the number of miles"),
    (CAR, {"quantity": "1e3"}, "must be a number"),
    (CAR, {"quantity": "1_000"}, "must be a number"),
    (CAR, {"quantity": ARABIC}, "must be a number"),
    (CAR, {"quantity": "-1"}, "must be a number"),
    (CAR, {"quantity": "0"}, "between 0.1 and 1500"),
    (CAR, {"quantity": "1501"}, "between 0.1 and 1500"),
    (CAR, {"quantity": "12.55"}, "no more than 1 figure"),
    (CAR, {"quantity": "12 miles"}, "must be a number"),
    (CHILD, {"spent": "30"}, "Enter the number of hours"),
    (CHILD, {"spent": "30", "quantity": "3", "funded_elsewhere": "-1"}, "zero or more"),
    (CHILD, {"spent": "30", "quantity": "201"}, "between 0.25 and 200"),
    (FOOD, {"spent": "5"}, "Enter the number of hours away"),
    (FOOD, {"spent": "5", "hours_away": "25"}, "between 0.25 and 24"),
    (TIME, {"choice": ""}, "Select whether you were there for 2 hours"),
    (TIME, {"choice": "always"}, "Select whether you were there for 2 hours"),
    ("hours/", {"quantity": "25"}, "between 0.25 and 24"),
    (MORE, {"mode": "horse", "quantity": "1"}, "Select what the time was for"),
    ("cost/", {"choice": "horse"}, "Select what it cost"),
    ("travel/", {"choice": "bus"}, "Select how you travelled"),
    (LINE, day("31", "2", "2026"), "must be a real date"),
    (LINE, day("", "2", "2026"), "must include a day"),
    (LINE, day("1", "1", "2099"), "today or in the past"),
    (LINE, day("1", "1", "1"), "4 numbers"),
    (LINE, day("1", "1", "0001"), "2015 or later"),
    (LINE, day(ARABIC, "1", "2026"), "must be a real date"),
    (LINE, day("1", "1", "9" * 5000), "4 numbers"),
    (LINE, day("1", "1", "2019"), "cannot work this out"),
    (LOST, {"lost_because": ""}, "Enter why there is no receipt"),
    (LOST, {"lost_because": "x" * 301}, "300 characters or fewer"),
    (LOST, {"lost_because": f"the {RTL}machine"}, "turns its direction"),
    (LOST, {"lost_because": "the \x00machine"}, "hidden control character"),
    (LOST, {"lost_because": "x" * 1_000_000}, "300 characters or fewer"),
    (RECEIPT, {}, "Select a photo or PDF of the receipt"),
    (RECEIPT, {"content": "receipt.jpg"}, "Select a photo or PDF of the receipt"),
    (RECEIPT, file(b""), "is empty"),
    (RECEIPT, file(b"\x89PNG\r\n\x1a\n broken"), "could not be opened"),
    (RECEIPT, file(b"<html><script>alert(1)</script>", "receipt.pdf"), "must be a JPG"),
    (RECEIPT, file(b"MZ" + b"\x00" * 1000, "receipt.jpg.exe"), "must be a JPG"),
    (RECEIPT, file(b"PK\x03\x04" + b"\x00" * 1000, "../../etc/passwd"), "must be a JPG"),
    (RECEIPT, file(b"\xff\xd8\xff" + b"\x00" * 10_000_001), "smaller than 10MB"),
    (CHECK, {"version": "99"}, ""),
    (CHECK, {"version": "1e3"}, "form has expired"),
    (CHECK, {"version": ""}, "form has expired"),
    (CHECK, {"version": "9" * 30}, "form has expired"),
    (MILES, {"miles": "-1", "year": "2026-27"}, "must be a number"),
    (MILES, {"miles": "1", "year": "1999-00"}, "Select which tax year"),
    (MILES, {"miles": "200001", "year": "2026-27"}, "between 0 and 200000"),
    (OTHER, {}, "Enter the day"),
    (OTHER, day("30", "2", "2026"), "must be a real date"),
    ("/claims/new/", {"choice": "999999"}, "Select what the claim is for"),
    ("/claims/new/", {"choice": "1 OR 1=1"}, "Select what the claim is for"),
]


@world
def filled(cast: Cast, draft: Claim) -> Claim:
    """Cora's draft with printing that is priced and a bus fare that waits for its receipt."""
    for kind, mode, pence in (("printing", "", 280), ("fare", "bus", 420)):
        add_line(
            actor=cast.cora,
            claim_id=draft.pk,
            on=today() - timedelta(days=1),
            kind=kind,
            mode=mode,
            spent=from_minor(pence, "GBP"),
        )
    draft.refresh_from_db()
    return draft


def everything() -> tuple[list[tuple[Any, ...]], ...]:
    """All that a claim holds, to see that nothing moved."""
    claims = Claim.objects.order_by("pk").values_list("pk", "status", "version", "contributor", "project")
    lines = ClaimLine.objects.order_by("pk").values_list(
        "pk", "claim", "date", "quantity", "spent", "receipt", "note", "status", "estimate", "allowed"
    )
    return list(claims), list(lines), list(Receipt.objects.values_list("pk"))


def address(claim: Claim, where: str) -> str:
    return where if where.startswith("/") else f"/claims/{claim.reference}/{where}"


@pytest.mark.parametrize(
    ("where", "typed", "said"), SAID, ids=[f"{row[0].strip('/')}-{number}" for number, row in enumerate(SAID)]
)
def test_it_is_refused_in_words_and_nothing_is_lost(
    cora_types: Browser, filled: Claim, where: str, typed: dict[str, Any], said: str
) -> None:
    if where == "/claims/new/":  # the start only asks where there is something to choose from
        assert cora_types.open(where).status_code == 200
    before = everything()
    answer = cora_types.client.post(address(filled, where), {"key": KEY} | typed)
    assert everything() == before
    if not said:
        assert answer.status_code == 409
        return
    assert escape(said, quote=False) in cora_types.errors(answer)
    page = answer.content.decode()
    for name, text in typed.items():
        if isinstance(text, str) and len(text) < 1000 and "\x00" not in text and name not in {"back", "mode"}:
            assert text in {"", "receipt.jpg"} or escape(text) in page or name in {"choice", "year"}


# Forged addresses, other people's records and fields that no form has: (where, what, status).
def forged(cast: Cast, filled: Claim) -> Iterator[tuple[str, dict[str, Any], int]]:
    dev = start_claim(actor=cast.dev, project=cast.project, contributor=cast.dev)
    add_line(actor=cast.dev, claim_id=dev.pk, on=today(), kind="printing", spent=from_minor(100, "GBP"))
    typed = {"key": KEY, "spent": "9.99"} | DAY
    for where in ("cost/printing/", "lines/1/", "lines/1/remove/", "check/", "withdraw/", "lines/1/post/"):
        yield f"/claims/{dev.reference}/{where}", typed | {"version": str(dev.version)}, 404
    yield f"/claims/{dev.reference}/lines/1/receipt/", typed, 404
    yield "/claims/C999999/check/", typed, 404
    yield f"/claims/{filled.reference}/lines/99/", typed, 404
    yield f"/claims/{filled.reference}/lines/0/remove/", typed, 404
    yield f"/claims/{filled.reference}/lines/1/answer/", typed, 404
    yield f"/claims/{filled.reference}/cost/horse/", typed, 404
    yield f"/claims/{filled.reference}/cost/overnight/", typed, 404
    yield f"/claims/new/for/{cast.dev.number}/", {"key": KEY, "choice": "other"}, 404
    yield f"/claims/miles/{cast.dev.number}/", {"key": KEY, "miles": "1", "year": "2026-27"}, 404
    yield "/claims/C%00/check/", typed, 404
    yield f"/claims/{filled.reference}%0a/check/", typed, 404
    yield "/claims/new/for/", typed, 403


def test_other_peoples_records_do_not_exist(cast: Cast, cora_types: Browser, filled: Claim) -> None:
    cases = list(forged(cast, filled))
    before = everything()
    found = {where: cora_types.client.post(where, typed).status_code for where, typed, _ in cases}
    assert found == {where: status for where, _, status in cases}
    assert everything() == before


def test_hidden_fields_change_nothing_but_what_the_form_asks(
    cast: Cast, cora_types: Browser, filled: Claim
) -> None:
    more = {
        "contributor": cast.dev.pk,
        "entered_by": cast.dev.pk,
        "status": "approved",
        "allowed": "999999",
        "estimate": "999999",
        "rate": "1",
        "receipt": "UP000001",
        "kind": "time",
        "mode": "session",
        "claim_id": "1",
        "counts_as": "fee",
        "exchange_rate": "100",
        "actor": cast.anil.pk,
        "less_amount": "1",
    }
    answer = cora_types.send(f"/claims/{filled.reference}/cost/printing/", spent="1.50", **more)
    assert answer.status_code == 302
    line = ClaimLine.objects.latest("pk")
    assert (line.kind, line.mode, line.status, line.allowed, line.estimate) == (
        "printing",
        "",
        "open",
        None,
        150,
    )
    assert (line.receipt, line.claim_id, int(line.exchange_rate)) == ("", filled.pk, 1)
    filled.refresh_from_db()
    assert (filled.contributor, filled.entered_by) == (cast.cora, cast.cora)
    assert filled.status == ClaimStatus.DRAFT


def test_a_forged_activity_or_project_starts_nothing(
    cast: Cast, cora_types: Browser, offer: Offer, filled: Claim
) -> None:
    uninvited = meeting(cast, title="Not for Cora", starts_at=now() - timedelta(days=2))
    before = everything()
    for choice in (uninvited.pk, offer.activity_id, "-1", "", "\x00", ARABIC):
        assert cora_types.send("/claims/new/", choice=choice).status_code == 422
    cora_types.send("/claims/new/other/", project=cast.strange_project.pk, **DAY)
    after = everything()
    assert after[1:] == before[1:]
    assert {row[4] for row in after[0]} == {cast.project.pk}


def test_a_flood_of_text_is_refused_before_it_is_read(cora_types: Browser, filled: Claim) -> None:
    before = everything()
    for where, name in ((BUS, "spent"), (LOST, "lost_because")):
        answer = cora_types.client.post(address(filled, where), {"key": KEY, name: FLOOD})
        assert answer.status_code == 400
        assert "500" not in answer.content.decode()[:200]
    assert everything() == before


def test_bytes_that_are_no_text_are_refused(cora_types: Browser, filled: Claim) -> None:
    body = b"key=" + KEY.encode() + b"&lost_because=%ED%A0%80%FF%FE+machine"
    url = address(filled, LOST)
    answer = cora_types.client.generic("POST", url, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {302, 422}
    assert "\ud800" not in ClaimLine.objects.get(claim=filled, position=2).note


def test_a_locked_pdf_says_what_to_do(cora_types: Browser, filled: Claim) -> None:
    answer = cora_types.client.post(address(filled, RECEIPT), {"key": KEY} | file(locked_pdf(), "r.pdf"))
    assert "password protected" in cora_types.errors(answer)


def test_somebody_elses_paper_cannot_be_named(cast: Cast, cora_types: Browser, filled: Claim) -> None:
    cora_types.send(address(filled, "lines/2/post/"), receipt="UP000001", handle="R-1")
    assert ClaimLine.objects.get(claim=filled, position=2).receipt == f"POST-{filled.reference}-2"


def test_addresses_with_odd_days_show_an_ordinary_page(cora_types: Browser, filled: Claim) -> None:
    for on in ("2026-02-31", "9999-99-99", "0001-01-01", "x" * 5000, "2099-01-01", ARABIC, "%00", "2026-1-1"):
        for where in ("cost/", "travel/", "more-time/", BUS):
            assert cora_types.open(f"{address(filled, where)}?on={on}").status_code == 200


def test_odd_ways_back_lead_to_the_start(cast: Cast, cora_types: Browser, filled: Claim) -> None:
    for claim in ("C999999", "//example.org", "%00", "https://example.org", ARABIC, "x" * 3000):
        page = cora_types.open(f"/claims/miles/?claim={claim}")
        assert page.status_code == 200
        assert page.context["back"] == "/"


def test_a_form_without_its_token_is_refused(cast: Cast, cora_types: Browser, filled: Claim) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cora_types.client.cookies
    before = everything()
    answer = strict.post(address(filled, BUS), {"key": KEY, "spent": "4.20"})
    assert answer.status_code == 403
    assert "expired" in answer.content.decode()
    assert everything() == before
    assert Organisation.objects.exists()
