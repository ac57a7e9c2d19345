"""A policy in force, and paper claims as rows."""

from pathlib import Path

import pytest

from claims.models import RatePolicy
from tests.cast import Cast, put_in_force
from tests.claims.paper import POLICY
from tests.worlds import world


@world
def policy(cast: Cast) -> RatePolicy:
    """The example policy, in force for Riverside."""
    return put_in_force(cast, POLICY)


@pytest.fixture
def demo() -> Path:
    """The worked claims, with every amount computed by hand."""
    return Path(__file__).parents[2] / "fixtures" / "demo"
