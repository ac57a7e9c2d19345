"""How templates write amounts, days and moments: `{% load ledger_text %}`."""

from datetime import date, datetime

from django import template

from common.dates import LONDON
from common.money import money_text

register = template.Library()


@register.filter
def pounds(minor: int | None, currency: str = "GBP") -> str:
    """An amount as people read it: 1250 becomes £12.50. Nothing known (None) is written as a dash."""
    return "–" if minor is None else money_text(minor, currency or "GBP")


@register.filter
def day(value: date | None) -> str:
    """A day in full, 21 November 2026; of a moment, its day in London. Empty without a day."""
    if value is None:
        return ""
    local = value.astimezone(LONDON) if isinstance(value, datetime) else value
    return f"{local.day} {local:%B %Y}"


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as London clocks showed it: 2:10pm on 21 November 2026. Empty without a moment."""
    if value is None:
        return ""
    local = value.astimezone(LONDON)
    hour = local.hour % 12 or 12
    return f"{hour}:{local:%M}{'am' if local.hour < 12 else 'pm'} on {day(local)}"
