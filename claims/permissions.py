"""Who may do what to activities, offers and claims. None means yes; else the reason why not."""

from collections.abc import Iterable

from claims.models import Claim, ClaimLine, RatePolicy
from claims.pricing_rows import LOST
from people.deaths import death_of
from people.models import Organisation, Person, Project, RoleKind
from people.permissions import Reason, holds, holds_in, is_finance, is_lead, is_linked, roles_of

HELPERS = frozenset({RoleKind.LINK, RoleKind.LEAD})


def may_import_policy(actor: Person, organisation: Organisation) -> Reason:
    """An administrator or a finance approver proposes a rate policy."""
    if holds(actor, [RoleKind.ADMINISTRATOR, RoleKind.APPROVER], organisation):
        return None
    return "Only an administrator or a finance approver can propose a rate policy."


def may_confirm_policy(actor: Person, policy: RatePolicy) -> Reason:
    """Finance puts a rate policy in force, but never who proposed it."""
    if actor.pk == policy.imported_by_id:
        return "Somebody else has to put in force a rate policy that you proposed."
    if is_finance(actor, policy.organisation):
        return None
    return "Only finance can put a rate policy in force."


def may_set_up(actor: Person, project: Project) -> Reason:
    """Link people and leads set up activities and make offers in their own projects."""
    if holds_in(actor, HELPERS, project):
        return None
    return "Only a link person or the lead of this project can do this."


def may_type_in(actor: Person, project: Project) -> Reason:
    """Link people and leads type in paper claims; whoever did decides none of them."""
    if holds_in(actor, HELPERS, project):
        return None
    return "Only a link person or the lead of this project can type in paper claims."


def may_claim_for(actor: Person, contributor: Person, project: Project) -> Reason:
    """Contributors claim for themselves; somebody linked with them may do it for them."""
    if not holds_in(contributor, [RoleKind.CONTRIBUTOR], project):
        return "Only a contributor of this project can claim in it."
    if actor == contributor or is_linked(actor, contributor):
        return None
    return "You can claim only for yourself and for people you are linked with."


def may_add_receipt(
    actor: Person, contributor: Person, organisation: Organisation, claim: Claim | None
) -> Reason:
    """For oneself, for somebody one is linked with, or with a claim that one typed in."""
    if not holds(contributor, [RoleKind.CONTRIBUTOR], organisation):
        return "Only receipts of contributors of this organisation can be kept."
    if claim and (claim.contributor_id, claim.organisation_id) != (contributor.pk, organisation.pk):
        return "This receipt belongs with another claim."
    if actor == contributor or is_linked(actor, contributor):
        return None
    if claim is not None:
        return may_change_claim(actor, claim)
    return "You can send receipts only for yourself and for people you are linked with."


def may_declare_miles(actor: Person, contributor: Person) -> Reason:
    """Contributors for themselves; somebody linked with them writes down what they say."""
    if not roles_of(contributor).filter(kind=RoleKind.CONTRIBUTOR).exists():
        return "Only contributors declare miles."
    if actor == contributor or is_linked(actor, contributor):
        return None
    return "You can declare miles only for yourself and for people you are linked with."


def may_change_claim(actor: Person, claim: Claim) -> Reason:
    """The contributor, or whoever typed the claim and still may act for them."""
    if actor.pk == claim.contributor_id:
        return None
    if actor.pk == claim.entered_by_id and (
        is_linked(actor, claim.contributor) or holds_in(actor, HELPERS, claim.project)
    ):
        return None
    return "Only the contributor and the person who typed this claim can change it."


def may_answer_offer(actor: Person, contributor: Person) -> Reason:
    """Contributors alone answer; a linked person writes down an answer that was read out."""
    if death_of(contributor) is not None:
        return "This invitation has lapsed."
    if actor == contributor or is_linked(actor, contributor):
        return None
    return "Only the person who was asked can answer this offer."


def may_offer_ways(actor: Person, organisation: Organisation) -> Reason:
    """Finance says how people can be paid: they have to carry it out."""
    if is_finance(actor, organisation):
        return None
    return "Only finance of this organisation can say how people are paid."


def may_decide(actor: Person, line: ClaimLine, projects: Iterable[Project], *, as_holder: bool) -> Reason:
    """A lead of every project that carries the line, who has no part in it themselves.

    `as_holder` says that the step is asked for as over the budget, with a reason: then a budget holder
    of a project may stand in for its lead.
    """
    if reason := separation(actor, line):
        return reason
    for project in projects:
        if not is_lead(actor, project) and not (as_holder and is_holder(actor, project)):
            return "Only a lead of every project that carries this line can decide it."
    return None


def is_holder(actor: Person, project: Project) -> bool:
    """A named budget holder of the project."""
    return holds_in(actor, [RoleKind.HOLDER], project)


def separation(actor: Person, line: ClaimLine) -> Reason:
    """Why this person has a part in the line: in its claim, or in the paper that it shows."""
    if reason := part_in(actor, line.claim):
        return reason
    if _shares_receipt(actor, line):
        return "The same receipt is on a claim of yours, so somebody else has to decide this line."
    return None


def part_in(actor: Person, claim: Claim) -> Reason:
    """Why this person may decide nothing of a claim: it is theirs, they typed it, or they help with it."""
    if actor.pk == claim.contributor_id:
        return "Somebody else has to decide your own claim."
    if actor.pk == claim.entered_by_id:
        return "Somebody else has to decide a claim that you typed in."
    if is_linked(actor, claim.contributor):
        return "You help this person with their claims, so somebody else has to decide this one."
    return None


def _shares_receipt(actor: Person, line: ClaimLine) -> bool:
    if line.receipt in ("", LOST):
        return False
    mine = ClaimLine.objects.filter(claim__organisation_id=line.claim.organisation_id, receipt=line.receipt)
    return mine.filter(claim__contributor=actor).exists()
