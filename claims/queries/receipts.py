"""Which receipts somebody may look at, and which look like the same paper."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Claim, ClaimLine, Receipt
from claims.queries.scope import CHECKERS, claims_to_decide_on, helped_claims
from claims.workflow import PAYABLE
from common.dates import london_day
from common.errors import NotVisible
from people.models import Person
from people.permissions import contributors_linked_to, organisations_with

NEAR = 2  # bits of 64: copies of one picture differ in up to 2, other receipts of one shop in 1 to 20
MOST_LOOKALIKES = 20


@dataclass(frozen=True)
class Lookalike:
    """Another receipt that may show the same paper. `handle` is empty where the asker may not open it."""

    handle: str
    is_same_file: bool
    uploaded_on: date


def receipts_visible_to(person: Person) -> QuerySet[Receipt]:
    """Receipts this person may open.

    The contributor and who helps them: all. Leads and budget holders: those with a claim that waits for
    them. Finance and auditors: those of lines on which money is due, as with the claims they see.
    """
    own = Q(contributor=person) | Q(contributor__in=contributors_linked_to(person))
    return Receipt.objects.filter(
        own | _with(helped_claims(person)) | _with(claims_to_decide_on(person)) | _checked(person)
    )


def receipt_for(person: Person, handle: str) -> Receipt:
    """A receipt this person may open. Raises NotVisible, as for one that never existed."""
    receipts = receipts_visible_to(person).select_related("contributor", "claim")
    found = receipts.filter(handle=handle).first()
    if found is None:
        raise NotVisible("There is no such receipt.")
    return found


def receipts_of(person: Person, claim: Claim) -> QuerySet[Receipt]:
    """The receipts of a claim that this person may open: sent with it, or named by one of its lines."""
    named = Q(handle__in=claim.lines.exclude(receipt="").values("receipt"))
    mine = Q(contributor=claim.contributor_id, organisation=claim.organisation_id)
    return receipts_visible_to(person).filter(Q(claim=claim) | (named & mine)).order_by("pk")


def possible_duplicates(person: Person, receipt: Receipt) -> list[Lookalike]:
    """Receipts of the organisation that may show the same paper, newest first; a hint, never a proof.

    It finds the same file, and copies of one picture. A second photo of the same paper it may miss,
    and two receipts of one shop may look alike to it.
    """
    others = Receipt.objects.filter(organisation=receipt.organisation_id).exclude(pk=receipt.pk)
    alike = [
        pk
        for pk, sha256, look in others.order_by("-pk").values_list("pk", "sha256", "look")
        if sha256 == receipt.sha256 or _looks_like(look, receipt.look)
    ][:MOST_LOOKALIKES]
    open_to_them = set(receipts_visible_to(person).filter(pk__in=alike).values_list("pk", flat=True))
    return [
        Lookalike(
            handle=other.handle if other.pk in open_to_them else "",
            is_same_file=other.sha256 == receipt.sha256,
            uploaded_on=london_day(other.uploaded_at),
        )
        for other in Receipt.objects.filter(pk__in=alike).order_by("-pk")
    ]


def _looks_like(one: str, other: str) -> bool:
    """An empty page looks like every other empty page, so it looks like none."""
    bits = int(one, 16), int(other, 16)
    return all(bits) and (bits[0] ^ bits[1]).bit_count() <= NEAR


def _with(claims: QuerySet[Claim]) -> Q:
    """Receipts sent with one of these claims, or named by a line of one.

    A handle that somebody copied from another person's claim opens nothing: the paper has to be the
    claimant's own.
    """
    return Q(claim__in=claims) | Q(Exists(_naming().filter(claim__in=claims)))


def _checked(person: Person) -> Q:
    due = _naming().filter(status__in=PAYABLE, allowed__gt=0)
    return Q(organisation__in=organisations_with(person, CHECKERS)) & Q(Exists(due))


def _naming() -> QuerySet[ClaimLine]:
    return ClaimLine.objects.filter(
        receipt=OuterRef("handle"),
        claim__contributor=OuterRef("contributor"),
        claim__organisation=OuterRef("organisation"),
    )
