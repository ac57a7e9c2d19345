"""The finance office of the tests of payments."""

from tests.payments.conftest import account, due, monday

__all__ = ["account", "due", "monday"]
