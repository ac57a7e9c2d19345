"""Meetings that people are asked to, for the tests of invitations."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from claims.models import Activity, Offer
from claims.services.activities import add_activity
from claims.services.offers import make_offer
from common.dates import now
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


def invited(cast: Cast, **options: Any) -> tuple[Offer, Offer]:
    """Cora and Dev are asked to a meeting."""
    activity = meeting(cast, **options)
    cora, dev = (
        make_offer(actor=cast.lena, activity=activity, contributor=each) for each in (cast.cora, cast.dev)
    )
    return cora, dev
