"""What somebody with a database prompt might try with a closed month, and with a request to reopen it.

October is closed, and Fern has asked for it to be reopened; November is open.
"""

from typing import Final

from tests.attempts import Attempt

_BY_TWO, _ONCE = ("period_opens_by_two",), ("reopening_answered_once",)
_ASKED: Final = "period_id, closing, reason, asked_by_id, asked_at"


def _month(month: int) -> str:
    return f"SELECT id FROM ledger_period WHERE month = {month}"


REOPENINGS: Final = [
    Attempt(
        "open a closed month that nobody confirmed",
        _BY_TWO,
        _BY_TWO,
        lambda i: [
            "UPDATE ledger_period SET closed = false, closed_by_id = NULL, closed_at = NULL"
            f" WHERE id = {i.october}"
        ],
    ),
    Attempt(
        "say that somebody else closed a month",
        _BY_TWO,
        ("period_closed_by_stays",),
        lambda i: [f"UPDATE ledger_period SET closed_by_id = {i.fern} WHERE id = {i.october}"],
    ),
    Attempt(
        "miscount how often a month was closed",
        _BY_TWO,
        ("period_counts_closings",),
        lambda i: [f"UPDATE ledger_period SET times_closed = 7 WHERE id = {i.october}"],
    ),
    Attempt(
        "begin with a month that was closed before",
        _BY_TWO,
        ("period_starts_uncounted",),
        lambda i: [
            "INSERT INTO ledger_period (organisation_id, month, closed, times_closed)"
            f" VALUES ({i.org}, 202609, false, 1)"
        ],
    ),
    Attempt(
        "change the reason of a request",
        _ONCE,
        _ONCE,
        lambda i: ["UPDATE ledger_reopening SET reason = 'Another'"],
    ),
    Attempt(
        "answer a request twice",
        _ONCE,
        _ONCE,
        lambda i: [
            f"UPDATE ledger_reopening SET withdrawn_by_id = {i.fern}, withdrawn_at = asked_at",
            "UPDATE ledger_reopening SET withdrawn_by_id = NULL, withdrawn_at = NULL",
        ],
    ),
    Attempt(
        "ask for a month that is open",
        _ONCE,
        ("reopening_asked",),
        lambda i: [
            f"INSERT INTO ledger_reopening ({_ASKED})"
            f" VALUES (({_month(202611)}), 0, 'x', {i.fern}, '2026-12-01 10:00:00')"
        ],
    ),
    Attempt(
        "begin with an answer",
        _ONCE,
        ("reopening_asked",),
        lambda i: [
            f"INSERT INTO ledger_reopening ({_ASKED}, withdrawn_by_id, withdrawn_at) VALUES"
            f" ({i.october}, 1, 'x', {i.fern}, '2026-12-01 10:00:00', {i.fern}, '2026-12-01 10:00:00')"
        ],
    ),
    Attempt(
        "replace a request",
        (),
        ("reopening_asked",),
        lambda i: [
            f"INSERT OR REPLACE INTO ledger_reopening ({_ASKED})"
            f" VALUES ({i.october}, 1, 'Another', {i.fern}, '2026-12-01 10:00:00')"
        ],
    ),
    Attempt(
        "remove a request",
        ("reopening_stays",),
        ("reopening_kept",),
        lambda i: ["DELETE FROM ledger_reopening"],
    ),
    Attempt("empty the requests", ("reopening_stays",), (), lambda i: ["TRUNCATE ledger_reopening"]),
]
