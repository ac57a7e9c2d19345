"""Who may open a receipt; how it leaves; and which receipts may show the same paper."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from moneyed import Money
from pytest_django import DjangoAssertNumQueries, Settings

from audit.actions import Action
from audit.models import Event
from claims.models import Claim, Outcome, Receipt
from claims.queries.receipts import possible_duplicates, receipts_of, receipts_visible_to
from claims.services.claiming import add_line, start_claim, submit
from claims.services.receipts import open_receipt
from common.errors import NotVisible
from config.access import TABLE, Policy
from people.models import Person, User
from tests.cast import Cast
from tests.claims.paper import decided
from tests.claims.receipts.conftest import Send
from tests.claims.receipts.samples import encoded, jpeg, paper_pdf, picture
from tests.claims.receipts.samples import receipt as till_receipt

pytestmark = pytest.mark.usefixtures("policy")
EVERYBODY = {"cora", "dev", "lena", "anil", "bea", "hana", "fern", "farah", "ada", "abel", "otto"}
OWN = {"cora", "lena"}
DECIDING = OWN | {"anil", "hana"}
CHECKING = DECIDING | {"fern", "farah", "ada"}


def claim_with(cast: Cast, person: Person, handle: str) -> Claim:
    """A draft claim for a bus ride that shows the paper with this handle."""
    claim = start_claim(actor=person, project=cast.project, contributor=person)
    bus = {"on": date(2026, 11, 10), "kind": "fare", "mode": "bus", "spent": Money("5.00", "GBP")}
    asked: dict[str, Any] = {"actor": person, "claim_id": claim.pk, "receipt": handle}
    add_line(**asked | bus)
    return claim


def who_opens(cast: Cast, receipt: Receipt) -> set[str]:
    return {name for name in EVERYBODY if receipts_visible_to(getattr(cast, name)).filter(pk=receipt.pk)}


def test_it_opens_to_more_people_as_its_claim_goes_on(send: Send, cast: Cast) -> None:
    kept = send()
    assert who_opens(cast, kept) == OWN
    claim = claim_with(cast, cast.cora, kept.handle)
    assert who_opens(cast, kept) == OWN
    submit(actor=cast.cora, claim_id=claim.pk)
    assert who_opens(cast, kept) == DECIDING
    decided(cast, claim.lines.get())
    assert who_opens(cast, kept) == CHECKING


def test_finance_never_sees_the_receipt_of_a_line_that_was_refused(send: Send, cast: Cast) -> None:
    kept = send()
    claim = claim_with(cast, cast.cora, kept.handle)
    submit(actor=cast.cora, claim_id=claim.pk)
    decided(cast, claim.lines.get(), Outcome.REFUSE, reason="Somebody else drove you.")
    assert who_opens(cast, kept) == DECIDING


def test_a_receipt_sent_with_a_claim_opens_with_it(send: Send, cast: Cast) -> None:
    claim = claim_with(cast, cast.cora, "")
    kept = send(claim=claim)
    assert who_opens(cast, kept) == OWN
    submit(actor=cast.cora, claim_id=claim.pk)
    assert who_opens(cast, kept) == DECIDING


def test_naming_somebody_elses_receipt_opens_it_to_nobody(send: Send, cast: Cast) -> None:
    private = send()
    claim = claim_with(cast, cast.dev, private.handle)
    submit(actor=cast.dev, claim_id=claim.pk)
    assert who_opens(cast, private) == OWN
    assert list(receipts_of(cast.anil, claim)) == []


def test_the_receipts_of_a_claim_are_those_sent_with_it_and_those_it_names(send: Send, cast: Cast) -> None:
    named = send(50)
    claim = claim_with(cast, cast.cora, named.handle)
    sent = send(60, claim=claim)
    send(70)
    assert list(receipts_of(cast.cora, claim)) == [named, sent]
    assert list(receipts_of(cast.anil, claim)) == []
    submit(actor=cast.cora, claim_id=claim.pk)
    assert list(receipts_of(cast.anil, claim)) == [named, sent]


def test_every_look_is_recorded(send: Send, cast: Cast) -> None:
    kept = send()
    content, content_type = open_receipt(actor=cast.lena, handle=kept.handle)
    assert (content[:3], content_type) == (b"\xff\xd8\xff", "image/jpeg")
    event = Event.objects.get(action=Action.RECEIPT_SEEN)
    assert (event.actor_id, event.about_id, event.subject_id) == (cast.lena.pk, cast.cora.pk, kept.pk)


def test_a_strangers_receipt_answers_as_if_there_were_none(send: Send, cast: Cast) -> None:
    kept = send()
    said = []
    for handle in (kept.handle, "UP999999"):
        with pytest.raises(NotVisible) as refusal:
            open_receipt(actor=cast.otto, handle=handle)
        said.append(str(refusal.value))
    assert said[0] == said[1]
    assert not Event.objects.filter(action=Action.RECEIPT_SEEN).exists()


@pytest.fixture
def phone(settings: Settings, monkeypatch: pytest.MonkeyPatch, client: Client, cast: Cast) -> Client:
    """The telephone that Cora is signed in on."""
    settings.ROOT_URLCONF = "tests.claims.receipts.urls"
    monkeypatch.setitem(TABLE, "receipt", Policy(is_record=True))
    client.force_login(User.objects.get(person=cast.cora))
    return client


@pytest.mark.parametrize(
    ("content", "content_type", "disposition"),
    [
        (jpeg(), "image/jpeg", 'inline; filename="{}.jpeg"'),
        (encoded(picture(), "PNG"), "image/png", 'inline; filename="{}.png"'),
        (paper_pdf(), "application/pdf", 'attachment; filename="{}.pdf"'),
    ],
)
def test_it_leaves_with_nothing_it_could_do(
    send: Send, phone: Client, content: bytes, content_type: str, disposition: str
) -> None:
    kept = send(content=content)
    answer = phone.get(f"/receipts/{kept.handle}/")
    assert (answer.status_code, len(answer.content)) == (200, kept.size)
    assert answer["Content-Type"] == content_type
    assert answer["Content-Disposition"] == disposition.format(kept.handle)
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store, private"
    assert Event.objects.filter(action=Action.RECEIPT_SEEN).count() == 1


def test_asking_for_the_head_is_no_look(send: Send, phone: Client) -> None:
    kept = send()
    assert phone.head(f"/receipts/{kept.handle}/").status_code == 200
    assert phone.head("/receipts/UP999999/").status_code == 404
    assert not Event.objects.filter(action=Action.RECEIPT_SEEN).exists()


def test_no_address_leads_to_the_stored_file(send: Send, phone: Client, folder: Path) -> None:
    kept = send()
    assert (folder.parent / kept.file).exists()
    for address in (f"/{kept.file}", f"/media/{kept.file}", f"/static/{kept.file}", "/receipts/../UP1/"):
        assert phone.get(address).status_code == 404


@pytest.mark.parametrize("name", ["dev", "anil", "otto"])
def test_a_stranger_finds_nothing(send: Send, phone: Client, cast: Cast, name: str) -> None:
    kept = send()
    phone.force_login(User.objects.get(person=getattr(cast, name)))
    assert phone.get(f"/receipts/{kept.handle}/").status_code == 404
    assert phone.post(f"/receipts/{kept.handle}/").status_code == 405


def test_the_same_paper_of_somebody_else_is_pointed_out(send: Send, cast: Cast) -> None:
    paper = till_receipt("4.20", "Bus 2.00", "17.99", "Tea")
    mine = send(content=encoded(paper, "JPEG"))
    same = send(actor=cast.dev, contributor=cast.dev, content=encoded(paper, "JPEG"))
    copy = send(actor=cast.dev, contributor=cast.dev, content=encoded(paper.resize((200, 300)), "PNG"))
    send(actor=cast.dev, contributor=cast.dev, content=encoded(till_receipt("Taxi 26.50", "Tip"), "JPEG"))
    found = possible_duplicates(cast.dev, mine)
    assert [(each.handle, each.is_same_file) for each in found] == [(copy.handle, False), (same.handle, True)]
    assert [each.handle for each in possible_duplicates(cast.anil, mine)] == ["", ""]  # none of his yet
    assert possible_duplicates(cast.cora, same)[0].uploaded_on == mine.uploaded_at.date()


def test_empty_pages_are_nobodys_copy(send: Send, cast: Cast) -> None:
    blank = picture((200, 200)).crop((100, 0, 200, 200))
    mine = send(content=encoded(blank, "PNG"))
    send(actor=cast.dev, contributor=cast.dev, content=encoded(blank.resize((90, 180)), "PNG"))
    assert mine.look == "0" * 16
    assert possible_duplicates(cast.cora, mine) == []


def test_duplicates_cost_three_questions(
    send: Send, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kept = [send(quality) for quality in (50, 60, 70)]
    with django_assert_num_queries(3):
        assert len(possible_duplicates(cast.cora, kept[0])) == 2
