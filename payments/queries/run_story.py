"""What happened to a payment run, from the trail and its history: who stopped it, and who has its papers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from audit.actions import Action
from audit.models import Event
from audit.queries import events_of, opened
from payments.models import Payment, PaymentRun
from payments.workflow import PaymentStatus, RunStatus
from people.models import Person

NEWEST = 20
_TOLD = (Action.RUN_VOIDED, Action.RUN_FILE_DOWNLOADED, Action.RUN_REMITTANCES_OPENED)


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody did something, once; `words` say what is to be known of it, such as a reason."""

    who: str
    at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class RunStory:
    """How a run went on after it was made. The numbers are payments."""

    voided: Deed | None
    downloads: tuple[Deed, ...]
    letters: tuple[Deed, ...]
    changes: tuple[Deed, ...]
    taken_out: int
    paid: int
    returned: int
    on_the_way: int

    @property
    def is_matched(self) -> bool:
        """Whether the bank's statement has told of every payment."""
        return not self.on_the_way and bool(self.paid or self.returned)


def story_of(run: PaymentRun) -> RunStory:
    """The newest downloads and openings, and what the bank said. A fixed number of queries."""
    events = events_of({"payments.paymentrun": [run.pk]}).filter(action__in=_TOLD)
    deeds = _deeds(list(events.order_by("-pk")[: NEWEST * 2]))
    voided = deeds[Action.RUN_VOIDED] if run.status == RunStatus.VOID else []
    counts = run.payments.aggregate(
        taken_out=Count("pk", filter=Q(status=PaymentStatus.TAKEN_OUT)),
        paid=Count("pk", filter=Q(status=PaymentStatus.PAID)),
        returned=Count("pk", filter=Q(status=PaymentStatus.RETURNED)),
        on_the_way=Count("pk", filter=Q(status=PaymentStatus.SENT)),
    )
    return RunStory(
        voided=voided[0] if voided else None,
        downloads=tuple(deeds[Action.RUN_FILE_DOWNLOADED][:NEWEST]),
        letters=tuple(deeds[Action.RUN_REMITTANCES_OPENED][:NEWEST]),
        changes=() if run.status == RunStatus.VOID else tuple(_changes(run)),
        **counts,
    )


def _changes(run: PaymentRun) -> Iterable[Deed]:
    """Who took which payment out, oldest first; of a void run that would be all of them."""
    rows = Payment.history.filter(run_id=run.pk, status=PaymentStatus.TAKEN_OUT).order_by("-history_id")
    found = list(rows.values_list("history_user_id", "history_date", "reference")[:NEWEST])[::-1]
    names = dict(Person.objects.filter(pk__in={who for who, _, _ in found}).values_list("pk", "name"))
    return [Deed(names.get(who, "The system"), at, reference) for who, at, reference in found]


def _deeds(events: list[Event]) -> dict[Action, list[Deed]]:
    names = dict(Person.objects.filter(pk__in=_actors(events)).values_list("pk", "name"))
    said = opened(events)
    found: dict[Action, list[Deed]] = {action: [] for action in _TOLD}
    for event in events:
        words = str(said[event.pk].get("reason") or said[event.pk].get("which") or "")
        found[Action(event.action)].append(
            Deed(names.get(event.actor_id or 0, "The system"), event.at, words)
        )
    return found


def _actors(events: Iterable[Event]) -> set[int]:
    return {event.actor_id for event in events if event.actor_id is not None}
