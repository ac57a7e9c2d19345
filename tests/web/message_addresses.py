"""Addresses of letters and calls: Cora's are `own`, Dev's about money `other`, Bea's `strange`."""

from typing import Final

from django.db import transaction

from people.models import Channel, Message, MessageKind, Organisation, Person, PrintPack
from people.services.messages import tell
from people.services.print_packs import print_letters
from tests.cast import Cast
from tests.web.world import World

_FINANCE: Final = ("fern", "farah")
# Nobody's part shows both who was asked and who was paid.
_HANDLED: Final[dict[str, set[str]]] = {
    **dict.fromkeys(("abel", "lena"), {"own"}),
    **dict.fromkeys(_FINANCE, {"other"}),
    "otto": {"strange"},
}
_MESSENGERS: Final = {*_HANDLED}
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    "letters:print": {**dict.fromkeys(("abel", "lena", *_FINANCE), {"own"}), "otto": {"strange"}},
    "letters:pack": _HANDLED,
    "letters:pages": _HANDLED,
    "calls:told": _HANDLED,
}
OPENED: Final[dict[str, set[str]]] = {"letters:list": _MESSENGERS, "calls:list": _MESSENGERS}


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    cast = world.cast
    told = {
        "own": _told(cast.cora, cast.riverside, MessageKind.CLAIM_DECIDED),
        "other": _told(cast.dev, cast.riverside, MessageKind.PAYMENT_SENT),
        "strange": _told(cast.bea, cast.hillside, MessageKind.CLAIM_DECIDED),
    }
    packs = {who: [str(pack.pk)] for who, pack in _packs(cast).items()} | {"missing": ["999999999"]}
    return {
        "letters:print": {"own": ["riverside"], "strange": ["hillside"], "missing": ["nowhere"]},
        "letters:pack": packs,
        "letters:pages": packs,
        "calls:told": {who: [str(message.pk)] for who, message in told.items()} | {"missing": ["999999999"]},
    }


def _told(person: Person, organisation: Organisation, kind: MessageKind) -> Message:
    with transaction.atomic():
        return tell(person=person, organisation=organisation, kind=kind, source="walk", reference="C000041")


def _packs(cast: Cast) -> dict[str, PrintPack]:
    people = Person.objects.filter(pk__in=[cast.cora.pk, cast.dev.pk, cast.bea.pk])
    people.update(channel=Channel.POST, address="7 Mill Lane")
    packs = {
        "own": print_letters(actor=cast.lena, organisation=cast.riverside),
        "other": print_letters(actor=cast.fern, organisation=cast.riverside),
        "strange": print_letters(actor=cast.otto, organisation=cast.hillside),
    }
    people.update(channel=Channel.EMAIL)
    return packs
