"""Claims and payments to look out for where they must not be seen."""

import pytest

from tests.cast import Cast
from tests.payments.conftest import account, monday
from tests.web.world import World, make_world

__all__ = ["account", "monday"]


@pytest.fixture
def world(monday: None, cast: Cast) -> World:
    return make_world(cast)
