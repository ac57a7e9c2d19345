"""Words that stand on every paper a person makes of their own money."""

from collections.abc import Sequence

from common.money import money_text
from payments.formats.own_paper import Columns, Part
from people.models import Organisation

NOT_ADVICE = "This is not advice. It says what our records hold. It does not say what it means for you."
DAY_RULE = "Each payment counts on the day it reached you, not on the day you did the work."


def contacts(organisation: Organisation) -> Part:
    """Whom to ask, as on a remittance advice."""
    return Part(
        f"Who to ask at {organisation.name}",
        facts=(
            ("About this paper", organisation.help_contact),
            ("If you do not agree", organisation.appeal_contact),
            ("If you want support", organisation.support_contact),
        ),
    )


def amounts(
    head: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    minors: Sequence[int],
    currency: str,
    total: str = "",
) -> Columns:
    """A table whose last column is an amount; `total` names the sum below it, where it may be added up."""
    cells = tuple((*row, money_text(minor, currency)) for row, minor in zip(rows, minors, strict=True))
    return Columns(head, cells, (total, money_text(sum(minors), currency)) if total else ())
