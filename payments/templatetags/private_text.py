"""What only whoever is signed in is told while they look at a page: `{% load private_text %}`.

Pages of invitations and claims show it without their code knowing of it: docs/decisions/0024.
"""

from typing import Any

from django import template
from django.http import HttpRequest

from payments.own_money.reminders import Reminder, claim_reminders, offer_reminders

register = template.Library()
_PIECE = "payments/own_money/reminders.html"


@register.inclusion_tag(_PIECE, takes_context=True)
def remind_of_offer(context: dict[str, Any], offer_id: int) -> dict[str, list[Reminder]]:
    """Beside an invitation of the reader's own; for anybody else's there is nothing."""
    request: HttpRequest = context["request"]
    return {"reminders": offer_reminders(request, offer_id)}


@register.inclusion_tag(_PIECE, takes_context=True)
def remind_of_claim(context: dict[str, Any], claim_id: int) -> dict[str, list[Reminder]]:
    """Beside a claim of the reader's own; for anybody else's there is nothing."""
    request: HttpRequest = context["request"]
    return {"reminders": claim_reminders(request, claim_id)}
