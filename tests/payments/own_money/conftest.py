"""Cora, who is paid by Riverside on days of the test's choosing."""

from tests.payments.conftest import account, due, monday

__all__ = ["account", "due", "monday"]
