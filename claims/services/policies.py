"""Propose a rate policy and put it in force. It is never edited: a new version follows the one before."""

import hashlib

from audit.actions import Action
from audit.services import record, step
from claims import permissions
from claims.models import Rate, RatePolicy
from claims.pricing.policy import Policy, PolicyError
from claims.pricing.policy_file import read_policy
from claims.pricing_rows import rate_rows
from common.dates import now
from common.errors import IllegalMove
from common.text import tidy
from people.models import Organisation, Person
from people.permissions import require

LONGEST_NAME = 200


@step(returns=RatePolicy)
def import_policy(
    *, actor: Person | None, organisation: Organisation, text: str, key: str = ""
) -> RatePolicy:
    """Propose a policy file as the organisation's next version. The same file again adds nothing.

    Without an actor the system does it, at the command line. Raises PolicyError with everything that is
    wrong with the file, by row and key.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if actor is not None:
        require(permissions.may_import_policy(actor, organisation))
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    if known := organisation.policies.filter(content_hash=content_hash).first():
        return known
    versions = organisation.policies.count()
    policy = check_policy(text, organisation)
    stored = RatePolicy.objects.create(
        organisation=organisation,
        version=versions + 1,
        name=tidy(policy.name),
        currency=policy.currency,
        late_cancellation_hours=policy.late_cancellation_hours,
        late_cancellation_share=policy.late_cancellation_share,
        content_hash=content_hash,
        imported_by=actor,
        imported_at=now(),
    )
    Rate.objects.bulk_create(rate_rows(stored, policy.rates))
    record(
        actor=actor,
        action=Action.POLICY_IMPORTED,
        subject=stored,
        organisation_id=organisation.pk,
        policy_version=stored.version,
        sha256=content_hash,
    )
    return stored


@step(returns=RatePolicy)
def confirm_policy(*, actor: Person, policy_id: int, key: str = "") -> RatePolicy:
    """Put a proposed policy in force, as a second person. Only the newest version can be."""
    policy = RatePolicy.objects.select_related("organisation").get(pk=policy_id)
    Organisation.objects.select_for_update(no_key=True).get(pk=policy.organisation_id)
    policy.refresh_from_db(fields=["confirmed_at"])
    require(permissions.may_confirm_policy(actor, policy))
    if policy.confirmed_at is not None:
        raise IllegalMove("This policy is already in force.")
    if policy.organisation.policies.filter(version__gt=policy.version).exists():
        raise IllegalMove("A newer version was proposed after this one.")
    policy.confirmed_by = actor
    policy.confirmed_at = now()
    policy.save(update_fields=["confirmed_by", "confirmed_at"])
    record(
        actor=actor,
        action=Action.POLICY_CONFIRMED,
        subject=policy,
        organisation_id=policy.organisation_id,
        policy_version=policy.version,
    )
    return policy


def check_policy(text: str, organisation: Organisation) -> Policy:
    """A policy file as it would be stored. Raises PolicyError with everything that is wrong with it."""
    return _usable(read_policy(text), organisation)


def _usable(policy: Policy, organisation: Organisation) -> Policy:
    problems = []
    if policy.currency != organisation.currency:
        problems.append(
            f"currency: {policy.currency} is not the currency of {organisation}, {organisation.currency}."
        )
    if len(policy.name) > LONGEST_NAME:
        problems.append(f"name: has more than {LONGEST_NAME} characters.")
    if problems:
        raise PolicyError(problems)
    return policy
