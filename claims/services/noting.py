"""The note beside the question how much somebody takes, kept as it was shown, whatever is answered."""

from claims.invitations import offer_shown_to
from guidance.queries import Beside, beside_answer
from guidance.services import shown
from people.models import Person


def show_note(*, reader: Person, offer_id: int) -> Beside:
    """What stands beside the question now; who is asked finds it again, word for word, and nobody else does.

    Raises NotVisible for an invitation that the reader neither has nor may read out.
    """
    offer = offer_shown_to(reader, offer_id)
    organisation = offer.activity.project.organisation
    beside = beside_answer(organisation)
    through = reader if reader != offer.contributor else None
    shown(offer.contributor, offer, beside.texts, organisation=organisation, through=through)
    return beside
