"""What the guards of concerns refuse, on both engines. The ids come from `test_concern_guards.py`."""

from collections.abc import Mapping

from tests.attempts import Attempt

Ids = Mapping[str, int]

_APPEND_ONLY = {
    "concern_note": "concernnote",
    "overpayment": "overpayment",
    "repayment": "repayment",
    "estate_details": "estatedetails",
}
_KEPT = _APPEND_ONLY | {"concern": "concern", "proposal": "proposal"}


def _always(what: str, guard: str, sql: str, *, postgresql: str | None = None) -> Attempt:
    """An attempt with ids in braces; the guard has the same name on both engines unless told otherwise."""
    on_postgresql = (guard,) if postgresql is None else ((postgresql,) if postgresql else ())
    return Attempt(what, on_postgresql, (guard,), lambda ids: [sql.format(**ids)])


def _changes() -> list[Attempt]:
    return [
        _always(
            f"change {table}",
            f"{name}_unchanged",
            f"UPDATE payments_{table} SET id = id WHERE id = {{{name}}}",
            postgresql=f"{name}_stays",
        )
        for name, table in _APPEND_ONLY.items()
    ]


def _removals() -> list[Attempt]:
    """The rows that hang on it go first, so that the guard is what is left to refuse."""
    return [
        _always(
            f"remove {table}",
            f"{name}_kept",
            f"DELETE FROM payments_{table} WHERE id = {{lone_{name}}}",
            postgresql=f"{name}_stays",
        )
        for name, table in _KEPT.items()
    ]


def _replacements() -> list[Attempt]:
    return [
        _always(
            f"replace {table}",
            f"{name}_not_replaced",
            f"INSERT OR REPLACE INTO payments_{table} SELECT * FROM payments_{table} "
            f"WHERE id = {{lone_{name}}}",
            postgresql="",
        )
        for name, table in _KEPT.items()
        if name not in {"overpayment", "proposal"}
    ]


_PROPOSAL = (
    "INSERT INTO payments_proposal (concern_id, kind, words, asked_by_id, asked_at, agreed, answered_by_id, "
    "answered_at) SELECT concern_id, kind, words, asked_by_id, asked_at, {agreed}, {by}, {at} "
    "FROM payments_proposal WHERE id = "
)
_MORE = (
    "INSERT INTO payments_overpayment (concern_id, item_id, amount, reason) "
    "SELECT {bare_concern}, item_id, {amount}, reason FROM payments_overpayment WHERE id = {overpayment}"
)

ATTEMPTS: list[Attempt] = [
    *_changes(),
    *_removals(),
    *_replacements(),
    Attempt(
        "replace proposal",
        (),
        ("proposal_not_replaced", "proposal_begins_unanswered"),
        lambda ids: [
            "INSERT OR REPLACE INTO payments_proposal SELECT * FROM payments_proposal "
            f"WHERE id = {ids['lone_proposal']}"
        ],
    ),
    Attempt(
        "replace overpayment",
        (),
        ("overpayment_not_replaced", "overpayment_fits"),
        lambda ids: [
            "INSERT OR REPLACE INTO payments_overpayment SELECT * FROM payments_overpayment "
            f"WHERE id = {ids['overpayment']}"
        ],
    ),
    _always(
        "make a concern about somebody else",
        "concern_is_what_it_was",
        "UPDATE payments_concern SET person_id = {farah} WHERE id = {lone_concern}",
    ),
    _always(
        "find somebody else's payment",
        "concern_finds_the_payee",
        "UPDATE payments_concern SET payment_id = {devs_payment} WHERE id = {missed}",
    ),
    _always(
        "open a concern about somebody else's payment",
        "concern_is_about_the_payee",
        "INSERT INTO payments_concern (organisation_id, kind, person_id, payment_id, status, opened_by_id, "
        "opened_at, outcome) SELECT organisation_id, 'overpaid', person_id, {devs_payment}, 'open', "
        "opened_by_id, opened_at, '' FROM payments_concern WHERE id = {missed}",
    ),
    _always(
        "answer a proposal again",
        "proposal_answered_once",
        "UPDATE payments_proposal SET agreed = (1 = 0), entry_id = NULL WHERE id = {proposal}",
    ),
    Attempt(
        "begin with an answer",
        ("proposal_begins_unanswered",),
        ("proposal_begins_unanswered",),
        lambda ids: [
            _PROPOSAL.format(agreed="(1 = 1)", by=ids["fern"], at="asked_at") + str(ids["lone_proposal"])
        ],
    ),
    Attempt(
        "ask about a closed concern",
        ("proposal_begins_unanswered",),
        ("proposal_begins_unanswered",),
        lambda ids: [
            "UPDATE payments_concern SET status = 'closed', outcome = 'not_so', closed_at = opened_at, "
            f"closed_by_id = opened_by_id WHERE id = {ids['bare_concern']}",
            "INSERT INTO payments_proposal (concern_id, kind, words, asked_by_id, asked_at) "
            f"SELECT {ids['bare_concern']}, kind, words, asked_by_id, asked_at "
            f"FROM payments_proposal WHERE id = {ids['lone_proposal']}",
        ],
    ),
    Attempt(
        "overpay more than the line paid",
        ("overpayment_fits",),
        ("overpayment_fits",),
        lambda ids: [_MORE.format(amount=1001, **ids)],
    ),
    Attempt(
        "owe a payment again that one person asked for",
        ("owed_again_by_two",),
        ("owed_again_by_two",),
        lambda ids: [f"UPDATE payments_payment SET status = 'returned' WHERE id = {ids['sent_payment']}"],
    ),
    Attempt(
        "send back a payment that is overpaid",
        ("overpaid_payment_stays_paid",),
        ("overpaid_payment_stays_paid",),
        lambda ids: [f"UPDATE payments_payment SET status = 'returned' WHERE id = {ids['paid_payment']}"],
    ),
    Attempt(
        "prepare a payment to somebody who died",
        ("nothing_goes_to_the_dead",),
        ("nothing_goes_to_the_dead",),
        lambda ids: [
            "INSERT INTO payments_payment (organisation_id, run_id, person_id, counts_as, method, "
            "details_id, reference, amount, status) SELECT organisation_id, run_id, person_id, 'fee', "
            f"'bank', {ids['devs_other_details']}, 'TIME 999999', 100, 'prepared' FROM payments_payment "
            f"WHERE id = {ids['devs_prepared']}"
        ],
    ),
    Attempt(
        "send a payment to somebody who died",
        ("nothing_is_sent_to_the_dead",),
        ("nothing_is_sent_to_the_dead",),
        lambda ids: [f"UPDATE payments_payment SET status = 'sent' WHERE id = {ids['devs_prepared']}"],
    ),
]
