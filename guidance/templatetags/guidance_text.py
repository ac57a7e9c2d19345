"""The neutral note in templates: `{% load guidance_text %}`."""

from django import template

from guidance import words

register = template.Library()


@register.filter
def note_for(adviser: str) -> str:
    """The note with whom to talk to in confidence."""
    return words.note_for(adviser)
