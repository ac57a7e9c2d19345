"""Offer a fee for an activity, and take the answer. Nobody is asked why."""

from collections.abc import Iterable
from datetime import datetime

from audit.actions import Action
from audit.services import record, step
from claims import permissions
from claims.models import OPEN_ANSWERS, Activity, Answer, Claim, CountsAs, Offer, UsualAnswer, Way
from claims.pricing import lines as priced
from claims.pricing.pricing import price
from claims.pricing.vocabulary import Kind, Mode, Unit
from claims.pricing_rows import as_policy
from claims.queries.scope import policy_in_force
from claims.repricing import SENT
from claims.services import advising, reminding, telling
from claims.services.instructing import back_to_usual, keep_way
from claims.ways import ways_of
from common.dates import london_day, now
from common.errors import DomainError, IllegalMove, NotPermitted, NotVisible
from common.money import money_text
from ledger.models import Category, Stage
from ledger.services.commitments import open_commitment
from people.models import Person, RoleKind
from people.permissions import holds_in, require


@step(returns=Offer)
def make_offer(*, actor: Person, activity: Activity, contributor: Person, key: str = "") -> Offer:
    """Offer a contributor the fee that the policy gives, and reserve it in the budget until it is claimed.

    The reservation stays at the policy's amount whatever the answer, so that no budget tells it.
    """
    require(permissions.may_set_up(actor, activity.project))
    if activity.cancelled_by:
        raise IllegalMove("This activity is cancelled.")
    if not holds_in(contributor, [RoleKind.CONTRIBUTOR], activity.project):
        raise DomainError("Only a contributor of this project can be asked.")
    if activity.offers.filter(contributor=contributor).exists():
        raise IllegalMove("This person is already asked.")
    offer = Offer.objects.create(
        activity=activity, contributor=contributor, amount=policy_amount(activity), made_at=now()
    )
    if offer.amount:
        open_commitment(
            project=activity.project,
            category=Category.FEES,
            stage=Stage.COMMITTED,
            amount=offer.amount,
            source=f"offer:{offer.pk}",
        )
    _record(actor, Action.OFFER_MADE, offer)
    telling.offer_made(offer)
    reminding.remind_of(offer)
    return offer


@step(returns=Offer)
def answer_offer(
    *,
    actor: Person,
    offer_id: int,
    answer: Answer,
    less_amount: int | None = None,
    way: Way | None = None,
    named: str = "",
    wants_receipt: bool = False,
    key: str = "",
) -> Offer:
    """Take the answer of a contributor, or write down one that was read out.

    It can change until the activity starts. After that, an offer that nobody answered can still be
    accepted, until it is claimed. `less_amount` is in minor units, below what was offered. `way` is how
    they want all of it; none: as they usually do. `named` and `wants_receipt` belong to it.
    """
    offer = _locked(actor, offer_id)
    _refuse_closed(offer)
    answer = Answer(answer)
    late = now() >= offer.activity.starts_at
    if late and (answer != Answer.ACCEPTED or offer.answer not in OPEN_ANSWERS):
        raise IllegalMove("This activity has started, so the answer can no longer change.")
    _refuse_odd(offer, answer, less_amount, way)
    if way is not None:
        _keep_way(actor, offer, Way(way), named, wants_receipt)
    elif not late:
        back_to_usual(actor, offer.contributor, offer.activity)
    asks = answer == Answer.TALK != offer.answer
    offer.answer = answer
    offer.less_amount = less_amount
    offer.answered_at = now()
    offer.answered_under = policy_in_force(offer.activity.project.organisation)
    offer.answered_for = actor if actor != offer.contributor else None
    offer.save(update_fields=["answer", "less_amount", "answered_at", "answered_under", "answered_for"])
    _record(actor, Action.OFFER_ANSWERED, offer)
    advising.after_answer(offer, asks=asks)
    if offer.answered_for is not None:
        telling.answer_written_down(offer)
    return offer


@step(returns=UsualAnswer)
def set_usual_answer(*, actor: Person, answer: Answer, key: str = "") -> UsualAnswer:
    """Say what counts when one has not answered by the start of an activity: all of it, or none.

    It counts for what starts from now on. Nobody says it for somebody else.
    """
    if answer not in (Answer.ACCEPTED, Answer.DECLINED):
        raise DomainError("Choose all of it, or none of it.")
    if not actor.roles.filter(kind=RoleKind.CONTRIBUTOR).exists():
        raise NotPermitted("Only a contributor has a usual answer.")
    usual = UsualAnswer.objects.create(person=actor, answer=answer, said_at=now())
    record(actor=actor, action=Action.USUAL_ANSWER_SAID, subject=usual, about=actor)
    return usual


def answer_in_force(offer: Offer) -> Answer:
    """What an offer stands at: while it is open, what this person usually says; else all of it."""
    answer = Answer(offer.answer)
    if answer not in OPEN_ANSWERS:
        return answer
    said = UsualAnswer.objects.filter(person=offer.contributor_id)
    return usual_at(said, offer.activity.starts_at)


def usual_at(said: Iterable[UsualAnswer], moment: datetime) -> Answer:
    """What somebody had said by then as their usual answer; all of it, if nothing."""
    known = [each for each in said if each.said_at < moment]
    return Answer(max(known, key=lambda each: each.said_at).answer) if known else Answer.ACCEPTED


def policy_amount(activity: Activity) -> int:
    """Minor units that the policy in force gives for the time offered. Raises PricingError."""
    if not activity.time_kind:
        return 0
    policy = as_policy(policy_in_force(activity.project.organisation))
    line = priced.ClaimLine(
        claim=activity.title,
        line="1",
        contributor="",
        on=london_day(activity.starts_at),
        kind=Kind.TIME,
        mode=Mode(activity.time_kind),
        quantity=activity.time_hours,
        unit=Unit.HOUR,
    )
    return price(policy, [line], {})[0].allowed


def _locked(actor: Person, offer_id: int) -> Offer:
    """The offer under lock; for anybody but its contributor and their helpers there is none."""
    offers = Offer.objects.select_related("activity__project", "contributor").select_for_update(of=("self",))
    offer = offers.filter(pk=offer_id).first()
    if offer is None or permissions.may_answer_offer(actor, offer.contributor):
        raise NotVisible("There is no such offer.")
    return offer


def _keep_way(actor: Person, offer: Offer, way: Way, named: str, wants_receipt: bool) -> None:
    """How all of it is paid; the limit of a way is one for all of it."""
    organisation = offer.activity.project.organisation
    if way not in ways_of(organisation, CountsAs.FEE, offer.amount):
        raise DomainError(f"{organisation} does not offer this way of paying. Choose another one.")
    keep_way(actor, offer.contributor, organisation, CountsAs.FEE, way, named, wants_receipt, offer.activity)


def _refuse_closed(offer: Offer) -> None:
    if offer.activity.cancelled_by:
        raise IllegalMove("This activity is cancelled.")
    claims = Claim.objects.filter(activity=offer.activity, contributor=offer.contributor)
    if claims.filter(status__in=SENT).exists():
        raise IllegalMove("This time is already claimed, so the answer can no longer change.")


def _refuse_odd(offer: Offer, answer: Answer, less_amount: int | None, way: Way | None) -> None:
    if answer == Answer.UNANSWERED:
        raise DomainError("Choose all of it, less, or none of it.")
    if answer == Answer.TALK and not offer.activity.project.organisation.adviser_email:
        raise DomainError("There is nobody yet whom you could talk to first.")
    if way is not None and answer != Answer.ACCEPTED:
        raise DomainError("Choose how to be paid only when you take all of it.")
    if (answer == Answer.LESS) != (less_amount is not None):
        raise DomainError("Say how much only when you take less than offered.")
    if less_amount is not None and not 0 <= less_amount < offer.amount:
        currency = offer.activity.project.organisation.currency
        raise DomainError(f"Say an amount below what was offered, {money_text(offer.amount, currency)}.")


def _record(actor: Person, action: Action, offer: Offer) -> None:
    """That an offer was answered, never how."""
    project = offer.activity.project
    record(
        actor=actor,
        action=action,
        subject=offer,
        organisation_id=project.organisation_id,
        project_id=project.pk,
        about=offer.contributor,
        on_behalf_of=offer.contributor if actor != offer.contributor else None,
    )
