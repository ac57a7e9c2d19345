"""Keep a receipt that somebody sent, and show it to whoever may see it."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, time

from django.db import transaction
from django.db.models import Count, Sum

from audit.actions import Action
from audit.services import record, step
from claims import permissions
from claims.formats.receipts import CONTENT_TYPES, Kind, Rendition, read_receipt
from claims.models import Claim, Receipt
from claims.queries.receipts import receipt_for
from claims.receipt_files import open_file, remove_file, save_file
from claims.workflow import ClaimStatus
from common.dates import LONDON, now, today
from common.errors import DomainError, IllegalMove
from people.models import Organisation, Person
from people.permissions import require

MOST_A_DAY = 20  # files per contributor
MOST_BYTES_A_DAY = 60_000_000  # of what was sent, per contributor


@dataclass(frozen=True)
class Kept:
    """A file in the storage that waits for its row. Its random name is no part of what was asked."""

    rendition: Rendition
    sent_size: int
    file: str = field(repr=False)


def add_receipt(
    *,
    actor: Person,
    contributor: Person,
    organisation: Organisation,
    content: bytes,
    claim: Claim | None = None,
    key: str = "",
) -> Receipt:
    """Keep a receipt, drawn again without its metadata. Raises ReceiptError with what to do instead.

    The same file from the same contributor gives the first receipt again. Takes up to 5 seconds, so the
    file is opened and stored before the transaction starts: a crash between leaves a sealed file that no
    row names, never a row without its file.
    """
    require(permissions.may_add_receipt(actor, contributor, organisation, claim))
    _refuse_late(claim)
    digest = hashlib.sha256(content).hexdigest()
    if first := _first(contributor, organisation, digest):
        return first
    _refuse_over_quota(contributor, len(content))
    rendition = read_receipt(content)
    file = save_file(rendition.content, contributor=contributor, sha256=rendition.sha256)
    try:
        receipt = _add(
            actor=actor,
            contributor=contributor,
            organisation=organisation,
            claim=claim,
            kept=Kept(rendition, len(content), file),
            key=key,
        )
    except BaseException:
        remove_file(file)
        raise
    if receipt.file != file:
        remove_file(file)
    return receipt


@transaction.atomic
def open_receipt(*, actor: Person, handle: str) -> tuple[bytes, str]:
    """A receipt and its content type, for those who may see it. Raises NotVisible to everybody else.

    Not a step: each look is one event that the contributor can read about, and nothing else changes.
    """
    receipt = receipt_for(actor, handle)
    content = open_file(receipt)
    _record(actor, Action.RECEIPT_SEEN, receipt)
    return content, CONTENT_TYPES[Kind(receipt.kind)]


@step(returns=Receipt)
def _add(
    *,
    actor: Person,
    contributor: Person,
    organisation: Organisation,
    claim: Claim | None,
    kept: Kept,
    key: str,
) -> Receipt:
    """Write the row, unless another request with the same file was faster."""
    Person.objects.select_for_update(no_key=True).get(pk=contributor.pk)
    drawn = kept.rendition
    if first := _first(contributor, organisation, drawn.sha256):
        return first
    _refuse_over_quota(contributor, kept.sent_size)
    receipt = Receipt.objects.create(
        organisation=organisation,
        contributor=contributor,
        claim=claim,
        uploaded_by=actor,
        uploaded_at=now(),
        handle=secrets.token_hex(6),  # for as long as the key is not known
        kind=drawn.kind,
        width=drawn.width,
        height=drawn.height,
        pages=drawn.pages,
        sent_size=kept.sent_size,
        size=len(drawn.content),
        sha256=drawn.sha256,
        look=f"{drawn.look:016x}",
        file=kept.file,
    )
    receipt.handle = f"UP{receipt.pk:06d}"
    receipt.save(update_fields=["handle"])
    _record(actor, Action.RECEIPT_ADDED, receipt)
    return receipt


def _first(contributor: Person, organisation: Organisation, sha256: str) -> Receipt | None:
    return Receipt.objects.filter(contributor=contributor, organisation=organisation, sha256=sha256).first()


def _refuse_late(claim: Claim | None) -> None:
    if claim is not None and claim.status not in (ClaimStatus.DRAFT, ClaimStatus.SUBMITTED):
        raise IllegalMove(f"Cannot add a receipt to a claim that is {claim.status}.")


def _refuse_over_quota(contributor: Person, size: int) -> None:
    """Refuse what goes over the day's quota, whoever sends it. Raises DomainError."""
    midnight = datetime.combine(today(), time.min, LONDON)
    sent = Receipt.objects.filter(contributor=contributor, uploaded_at__gte=midnight)
    so_far = sent.aggregate(files=Count("pk"), size=Sum("sent_size", default=0))
    if so_far["files"] >= MOST_A_DAY or so_far["size"] + size > MOST_BYTES_A_DAY:
        raise DomainError(
            f"Only {MOST_A_DAY} files and {MOST_BYTES_A_DAY // 1_000_000}MB can be sent for one person in "
            "a day. Send the rest tomorrow, or by post."
        )


def _record(actor: Person, action: Action, receipt: Receipt) -> None:
    record(
        actor=actor,
        action=action,
        subject=receipt,
        organisation_id=receipt.organisation_id,
        project_id=receipt.claim.project_id if receipt.claim else None,
        about=receipt.contributor,
        on_behalf_of=receipt.contributor
        if action == Action.RECEIPT_ADDED and actor != receipt.contributor
        else None,
        handle=receipt.handle,
    )
