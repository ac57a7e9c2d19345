"""A receipt is kept once, sealed, under a name nobody chose, within a quota."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from audit.actions import Action
from audit.models import Event
from claims.formats.receipts import ReceiptError
from claims.models import Claim, Receipt
from claims.receipt_files import open_file
from claims.services import receipts
from claims.services.claiming import start_claim, withdraw
from common.dates import set_now
from common.encryption import CannotOpen
from common.errors import DomainError, IllegalMove, KeyReused, NotPermitted
from tests.cast import Cast
from tests.claims.receipts.conftest import Send
from tests.claims.receipts.samples import SECRET, exif, jpeg
from tests.databases import in_threads


@pytest.fixture
def draft(cast: Cast, policy: None) -> Claim:
    return start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_receipt_is_kept_and_recorded(send: Send, cast: Cast) -> None:
    kept = send(content=jpeg(exif=exif()))
    assert kept.handle == f"UP{kept.pk:06d}"
    assert (kept.kind, kept.width, kept.height, kept.pages) == ("jpeg", 300, 200, 1)
    assert kept.sent_size == len(jpeg(exif=exif()))
    event = Event.objects.get(action=Action.RECEIPT_ADDED)
    assert (event.actor_id, event.about_id, event.on_behalf_of_id) == (cast.cora.pk, cast.cora.pk, None)
    assert event.subject_id == kept.pk


def test_what_lies_on_the_disk_is_sealed_and_says_nothing(send: Send, folder: Path) -> None:
    kept = send(content=jpeg(exif=exif()))
    (stored,) = files(folder)
    content = stored.read_bytes()
    assert stored.name == kept.file.removeprefix("receipts/")
    plain = open_file(kept)
    assert plain.startswith(b"\xff\xd8\xff")
    assert len(plain) == kept.size
    # Eight bytes together: sealed bytes are as good as random, and may hold two or three of them by chance.
    assert not any(plain[at : at + 8] in content for at in range(len(plain) - 7))
    assert SECRET.encode() not in content


def test_a_file_does_not_open_as_somebody_elses(send: Send, cast: Cast, folder: Path) -> None:
    mine, other = send(), send(60)
    with pytest.raises(CannotOpen):
        open_file(Receipt(file=mine.file, contributor=cast.dev, sha256=mine.sha256))
    with pytest.raises(CannotOpen):
        open_file(Receipt(file=mine.file, contributor=cast.cora, sha256=other.sha256))
    (folder.parent / mine.file).write_bytes((folder.parent / other.file).read_bytes())
    with pytest.raises(CannotOpen):
        open_file(mine)
    assert open_file(other)


def test_the_same_file_again_is_the_first_receipt(
    send: Send, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send()
    monkeypatch.setattr(receipts, "read_receipt", pytest.fail)  # not even opened
    assert send() == first
    assert (Receipt.objects.count(), len(files(folder))) == (1, 1)
    assert Event.objects.filter(action=Action.RECEIPT_ADDED).count() == 1


def test_somebody_else_may_send_the_same_file(send: Send, cast: Cast) -> None:
    assert send() != send(actor=cast.dev, contributor=cast.dev)


@pytest.mark.usefixtures("committed_db")
def test_the_same_file_four_times_at_once_is_kept_once(send: Send, folder: Path) -> None:
    results = in_threads([partial(send, key=f"tap {number}") for number in range(4)])
    assert len(set(results)) == 1
    assert isinstance(results[0], Receipt)
    assert (Receipt.objects.count(), len(files(folder))) == (1, 1)


def test_the_same_form_with_another_file_is_refused_and_leaves_nothing(send: Send, folder: Path) -> None:
    first = send(key="form")
    with pytest.raises(KeyReused):
        send(60, key="form")
    assert send(key="form") == first
    assert (Receipt.objects.count(), len(files(folder))) == (1, 1)


def test_a_step_that_fails_leaves_no_file(send: Send, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the trail is full")

    monkeypatch.setattr(receipts, "record", fail)
    with pytest.raises(RuntimeError):
        send()
    assert (Receipt.objects.count(), files(folder)) == (0, [])


def test_a_bad_file_leaves_nothing(send: Send, folder: Path) -> None:
    with pytest.raises(ReceiptError):
        send(content=b"<html>")
    assert (Receipt.objects.count(), files(folder)) == (0, [])


def test_a_link_person_sends_for_the_contributor(send: Send, cast: Cast) -> None:
    kept = send(actor=cast.lena)
    assert (kept.contributor, kept.uploaded_by) == (cast.cora, cast.lena)
    assert Event.objects.get(action=Action.RECEIPT_ADDED).on_behalf_of_id == cast.cora.pk


@pytest.mark.parametrize("name", ["dev", "anil", "bea", "hana", "fern", "farah", "ada", "abel", "otto"])
def test_nobody_else_sends_for_a_contributor(
    send: Send, cast: Cast, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "read_receipt", pytest.fail)  # a stranger's file is not opened
    with pytest.raises(NotPermitted):
        send(actor=getattr(cast, name))


def test_nobody_keeps_receipts_where_they_do_not_contribute(send: Send, cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        send(organisation=cast.hillside)
    with pytest.raises(NotPermitted):
        send(actor=cast.fern, contributor=cast.fern)


def test_a_receipt_comes_with_the_claim_it_belongs_to(send: Send, cast: Cast, draft: Claim) -> None:
    assert send(claim=draft).claim == draft
    with pytest.raises(NotPermitted):
        send(60, actor=cast.dev, contributor=cast.dev, claim=draft)
    withdraw(actor=cast.cora, claim_id=draft.pk)
    draft.refresh_from_db()
    with pytest.raises(IllegalMove, match="withdrawn"):
        send(70, claim=draft)


def test_twenty_files_a_day_are_enough(send: Send, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "MOST_A_DAY", 2)
    with set_now(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)):  # London: 23:59
        send(50)
        send(60)
        with pytest.raises(DomainError, match="Send the rest tomorrow"):
            send(70, actor=cast.lena)
        send(70, actor=cast.dev, contributor=cast.dev)
    with set_now(datetime(2026, 6, 30, 23, 0, tzinfo=UTC)):  # midnight
        send(70)


def test_sixty_megabytes_a_day_are_enough(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = len(jpeg(quality=50)), len(jpeg(quality=60))
    monkeypatch.setattr(receipts, "MOST_BYTES_A_DAY", first + second - 1)
    send(50)
    with pytest.raises(DomainError, match="Send the rest tomorrow"):
        send(60)
    monkeypatch.setattr(receipts, "MOST_BYTES_A_DAY", first + second)
    send(60)


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("pages", 2, "only_a_pdf_has_more_than_one_page"),
        ("width", 0, "a_receipt_is_not_empty"),
        ("size", 0, "a_receipt_is_not_empty"),
    ],
)
def test_the_database_refuses_an_impossible_receipt(send: Send, field: str, value: int, name: str) -> None:
    kept = send()
    setattr(kept, field, value)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        kept.save()


def test_a_claim_with_a_receipt_cannot_be_removed(send: Send, draft: Claim) -> None:
    send(claim=draft)
    with pytest.raises(ProtectedError):
        draft.delete()
