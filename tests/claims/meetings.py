"""Meetings that people are asked to, for the tests of invitations."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from claims.models import Activity, Claim, Offer
from claims.services import claiming
from claims.services.activities import add_activity
from claims.services.offers import make_offer
from common.dates import london_day, now
from tests.cast import Cast


def meeting(cast: Cast, **options: Any) -> Activity:
    """A session of two hours in a week's time, set up by Lena."""
    starts_at = options.pop("starts_at", now() + timedelta(days=7))
    asked: dict[str, Any] = {
        "actor": cast.lena,
        "project": cast.project,
        "title": "What helped at home",
        "purpose": "Say what helped and what did not.",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "place": "Meeting room 2, the library",
        "access": "Step-free, hearing loop.",
        "costs_met": "Fares, parking and care.",
        "time_kind": "session",
        "time_hours": Decimal(2),
    }
    return add_activity(**asked | options)


def claimed(cast: Cast, activity: Activity) -> Claim:
    """Cora claims the two hours of a meeting, on the day it is."""
    claim = claiming.start_claim(
        actor=cast.cora, project=cast.project, contributor=cast.cora, activity=activity
    )
    claiming.add_line(
        actor=cast.cora,
        claim_id=claim.pk,
        on=london_day(activity.starts_at),
        kind="time",
        mode="session",
        quantity=Decimal(2),
        unit="hour",
    )
    return claiming.submit(actor=cast.cora, claim_id=claim.pk)


def invited(cast: Cast, **options: Any) -> tuple[Offer, Offer]:
    """Cora and Dev are asked to a meeting."""
    activity = meeting(cast, **options)
    cora, dev = (
        make_offer(actor=cast.lena, activity=activity, contributor=each) for each in (cast.cora, cast.dev)
    )
    return cora, dev
