"""Keep what one person was shown, for that person alone. There is no event of it in the trail."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Model

from guidance.models import Shown, Text
from guidance.words import note_for
from people.models import Organisation, Person


@transaction.atomic
def shown(
    person: Person,
    subject: Model,
    texts: Sequence[Text],
    *,
    organisation: Organisation,
    through: Person | None = None,
) -> Shown:
    """Write down that these versions, and the note, stood beside a record on a page.

    Called while a page is made, before anything is answered: alike for every answer, and for none. A page
    that is opened again and shows the same adds nothing.
    """
    note, keys = note_for(organisation.adviser), [text.pk for text in texts]
    handle = f"{subject._meta.model_name}:{subject.pk}"
    last = Shown.objects.filter(person=person, subject=handle).order_by("-pk").first()
    if last is not None and (last.note, last.texts, last.through) == (note, keys, through):
        return last
    return Shown.objects.create(person=person, subject=handle, note=note, texts=keys, through=through)
