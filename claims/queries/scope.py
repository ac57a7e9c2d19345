"""Which claims somebody may know of, by why they may: one queryset per audience, and all together."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Claim, ClaimLine, LineShare, RatePolicy
from claims.permissions import HELPERS
from claims.repricing import SENT
from claims.workflow import PAYABLE
from common.errors import DomainError, NotVisible
from people.models import FINANCE, Organisation, Person, RoleKind
from people.permissions import contributors_linked_to, organisations_with, projects_with

DECIDERS = frozenset({RoleKind.LEAD, RoleKind.HOLDER})
CHECKERS = FINANCE | {RoleKind.AUDITOR}


class NoPolicy(DomainError):
    """The organisation has no rate policy yet, so nothing can be priced."""


def policy_in_force(organisation: Organisation) -> RatePolicy:
    """The newest confirmed version of the organisation's policy. Raises NoPolicy."""
    policy = organisation.policies.filter(confirmed_at__isnull=False).order_by("-version").first()
    if policy is None:
        raise NoPolicy(f"{organisation} has no rate policy yet. Finance has to put one in force.")
    return policy


def own_claims(person: Person) -> QuerySet[Claim]:
    """The person's own claims, drafts too."""
    return Claim.objects.filter(_own(person))


def helped_claims(person: Person) -> QuerySet[Claim]:
    """Claims of contributors the person is linked with, and those they typed in where they still help."""
    return Claim.objects.filter(_helped(person)).exclude(_own(person))


def claims_to_decide_on(person: Person) -> QuerySet[Claim]:
    """Sent claims that a project of theirs carries, wholly or in part: for leads and budget holders."""
    return Claim.objects.filter(_carried(person))


def checked_claims(person: Person) -> QuerySet[Claim]:
    """For finance and auditors: claims of their organisation with money due on them.

    A claim on which nothing is due does not exist for them: else it would tell that somebody declined.
    """
    return Claim.objects.filter(_checked(person))


def claims_visible_to(person: Person) -> QuerySet[Claim]:
    """Every claim this person may know of, for whatever reason; nothing for anybody else."""
    return Claim.objects.filter(_own(person) | _helped(person) | _carried(person) | _checked(person))


def claim_for(person: Person, pk: int) -> Claim:
    """A claim this person may know of. Raises NotVisible, as for a claim that never existed.

    Show people the pages of this package, not the record: the record holds what is behind the walls.
    """
    return one_of(claims_visible_to(person), pk)


def one_of(claims: QuerySet[Claim], pk: int) -> Claim:
    """One claim of a queryset with its people and projects. Raises NotVisible."""
    found = (
        claims.select_related("contributor", "entered_by", "project", "organisation").filter(pk=pk).first()
    )
    if found is None:
        raise NotVisible("There is no such claim.")
    return found


def _own(person: Person) -> Q:
    return Q(contributor=person)


def _helped(person: Person) -> Q:
    linked = Q(contributor__in=contributors_linked_to(person))
    return linked | Q(entered_by=person, project__in=projects_with(person, HELPERS))


def _carried(person: Person) -> Q:
    projects = projects_with(person, DECIDERS)
    shared = LineShare.objects.filter(line__claim=OuterRef("pk"), project__in=projects)
    return Q(status__in=SENT) & (Q(project__in=projects) | Q(Exists(shared)))


def _checked(person: Person) -> Q:
    due = ClaimLine.objects.filter(claim=OuterRef("pk"), status__in=PAYABLE, allowed__gt=0)
    return Q(organisation__in=organisations_with(person, CHECKERS)) & Q(Exists(due))
