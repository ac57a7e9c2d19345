"""How pages write what a claim line is for: `{% load claim_text %}`."""

from decimal import Decimal

from django import template
from django.forms import BoundField

from claims.models import Answer, ClaimLine
from claims.way_forms import NamingForm
from claims.words import line_title, quantity_text
from claims.workflow import LineStatus

register = template.Library()

_COLOURS = {
    LineStatus.OPEN: "blue",
    LineStatus.QUERIED: "yellow",
    LineStatus.APPROVED: "green",
    LineStatus.REDUCED: "yellow",
    LineStatus.REFUSED: "grey",
    LineStatus.WITHDRAWN: "grey",
}
_ANSWERS = {
    Answer.LESS: "You chose to take less.",
    Answer.DECLINED: "You chose not to take this money.",
    Answer.NOTHING: "You chose not to take this money.",
}


@register.filter
def title(line: ClaimLine) -> str:
    """What a line is for, in words: “Bus fare”."""
    return line_title(line.kind, line.mode)


@register.filter
def mode_title(mode: str) -> str:
    """What a piece of time was: “Time, session”."""
    return line_title("time", mode)


@register.filter
def quantity(line: ClaimLine) -> str:
    """How much of it, in words: “24 miles”."""
    return quantity_text(line.quantity, line.unit)


@register.filter
def hours(value: Decimal | None) -> str:
    """Hours in words: “2.5 hours”."""
    return quantity_text(value, "hour")


@register.filter
def line_colour(status: str) -> str:
    """The colour of a line's tag; the tag always has its words as well."""
    return _COLOURS[LineStatus(status)]


@register.filter
def line_words(status: str) -> str:
    """How a line stands, in the claimant's words."""
    return str(LineStatus(status).label)


@register.filter
def answer_words(answer: str) -> str:
    """The contributor's own answer to a fee, for their own page and nobody else's."""
    return _ANSWERS.get(Answer(answer), "") if answer else ""


@register.filter
def boxes(form: NamingForm, value: str) -> list[BoundField]:
    """What belongs to one answer of this form: an amount, or whom the money goes to."""
    return form.boxes(value)
