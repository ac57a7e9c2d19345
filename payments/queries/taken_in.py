"""What a statement file brought, in counts and line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from payments.matching import reference_in
from payments.models import Match, MatchKind, Statement
from payments.queries.bank_desk import LineRow, text_of, waiting, with_suggestions

SHOWN = 50


@dataclass(frozen=True)
class MatchedRow:
    """A line that stands in the books, what it was and why it is that."""

    match: Match
    what: str
    why: str


@dataclass(frozen=True)
class TakenIn:
    """One statement file. `known` are rows that another file brought, or that move no money."""

    statement: Statement
    new: int
    known: int
    matched: int
    left: int
    matched_rows: Sequence[MatchedRow]
    left_rows: Sequence[LineRow]


def taken_in(statement: Statement) -> TakenIn:
    """What a statement brought and how its lines stand now: the first of each, and how many there are."""
    lines = statement.lines.all()
    open_lines = waiting(lines)
    new, left = lines.count(), open_lines.count()
    shown = open_lines.select_related("account__organisation").order_by("date", "pk")[:SHOWN]
    rows = Match.objects.filter(line__statement=statement, undone_at__isnull=True)
    matches = rows.select_related("line", "run", "payment__person", "payment__run", "matched_by")
    return TakenIn(
        statement=statement,
        new=new,
        known=statement.lines_in_file - new,
        matched=new - left,
        left=left,
        matched_rows=[
            MatchedRow(match, what_of(match), why(match))
            for match in matches.order_by("line__date", "line_id")[:SHOWN]
        ],
        left_rows=with_suggestions(list(shown)),
    )


def what_of(match: Match) -> str:
    """What a line was matched to, in words of finance."""
    if match.run is not None:
        return f"Run {match.run.number}"
    if match.payment is not None:
        words = f"{match.payment.reference} to {match.payment.person}"
        return f"{words} came back" if match.kind == MatchKind.RETURN else words
    return str(match.get_kind_display())


def why(match: Match) -> str:
    """Why a match is right, from what can be seen; else who said so."""
    line = match.line
    if match.run is not None and -line.amount == match.run.total:
        return f"Same amount as the run, due on {match.run.pay_on.day} {match.run.pay_on:%B}"
    if match.payment is not None and reference_in(text_of(line)) == match.payment.reference:
        return f"Reference {match.payment.reference} stands in the text, and the amount is the same"
    return f"{match.matched_by} said so" + (f": {match.note}" if match.note else "")
