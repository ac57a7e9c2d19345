"""The world of the pages with any number of lines wherever lines gather: due, in runs, at the bank.

Thirds of what is asked for: a run that was sent and is paid, one on its way, one that waits for a
signature; and then all of it due. With it go letters and calls, worries, people on the payroll, and lines
of statements of which nobody has said what they were.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.access import TABLE
from payments.models import Concern, ConcernKind, PaymentRun, PayrollMark
from payments.services import reconciling
from people.models import Channel, Person
from tests.payments.crowd import afford, crowd
from tests.payments.office import MONDAY, PAY_ON, imported, sent
from tests.people.browsers import proven
from tests.web.test_access import ACTORS, OPENED, SEEN, _addresses
from tests.web.world import World

READERS = ("fern", "farah", "ada")
LINES_A_PERSON = 2.5  # two payments, one for time and one for costs


@dataclass(frozen=True, slots=True)
class Page:
    """One address that somebody may open, and under which name it is known."""

    actor: str
    name: str
    url: str

    def __str__(self) -> str:
        return f"{self.actor} {self.name}"


@dataclass(frozen=True, slots=True)
class Visit:
    """What it took to open a page, to the last byte."""

    status: int
    queries: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Full:
    """Where lines gathered: the run on its way, the paid one, and everybody's addresses."""

    world: World
    on_its_way: PaymentRun
    paid: PaymentRun
    addresses: dict[str, dict[str, str]]

    def pages(self, actor: str) -> Iterator[Page]:
        """Everything that this person may open to look at, and the pages of a run for the large ones too."""
        for name, actors in OPENED.items():
            if actor in actors and "GET" in TABLE[name].methods:
                arguments = ["email"] if name == "contact:change" else []
                yield Page(actor, name, reverse(name, args=arguments))
        for name, of in self.addresses.items():
            if "GET" not in TABLE[name].methods:
                continue
            for owner in sorted(SEEN[name].get(actor, set()) & of.keys()):
                yield Page(actor, f"{name} {owner}", of[owner])
                yield from self._of_large_runs(actor, name, of[owner])

    def _of_large_runs(self, actor: str, name: str, url: str) -> Iterator[Page]:
        small = f"/runs/{self.world.run.pk}/"
        if small in url:
            for word, run in (("on its way", self.on_its_way), ("paid", self.paid)):
                yield Page(actor, f"{name} {word}", url.replace(small, f"/runs/{run.pk}/"))


def fill(world: World, *, lines: int) -> Full:
    """Let so many lines be due, and as many in each of three runs; a hundredth waits at the bank."""
    cast, people = world.cast, max(2, int(lines / LINES_A_PERSON))
    few = max(1, lines // 100)
    afford(cast)
    crowd(cast, people=people, lines=lines)
    paid = sent(cast, world.account)
    statement = imported(cast, world.account, [(PAY_ON, "BACS", -paid.total)])
    reconciling.match(actor=cast.fern, line_id=statement.lines.get().pk, run_id=paid.pk)
    crowd(cast, people=people, lines=lines)
    on_its_way = sent(cast, world.account)
    _worries(world, on_its_way, few)
    _waiting_lines(world, few * 2)
    crowd(cast, people=people, lines=lines)
    addresses = _addresses(world)  # prepares a run of everything that is due
    _unlike(world, crowd(cast, people=people, lines=lines))
    return Full(world, on_its_way, paid, addresses)


def opened(full: Full, chosen: Callable[[Page], bool] = lambda _: True) -> Iterator[tuple[Page, Visit]]:
    """Every chosen page that finance and the auditor may open, and everybody's start page, each once."""
    for actor in ACTORS:
        if actor == "nobody":
            continue
        client = proven(getattr(full.world.cast, actor))
        pages = full.pages(actor) if actor in READERS else [Page(actor, "home", reverse("home"))]
        for page in filter(chosen, pages):
            yield page, _visit(client, page.url)


def _visit(client: Client, url: str) -> Visit:
    connection.queries_log.clear()  # it holds no more than 9,000
    begun = perf_counter()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
        _ = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return Visit(answer.status_code, len(asked), perf_counter() - begun)


def _worries(world: World, run: PaymentRun, count: int) -> None:
    payments = run.payments.order_by("pk")[:count]
    Concern.objects.bulk_create(
        Concern(
            organisation=world.cast.riverside,
            kind=ConcernKind.NOT_ARRIVED,
            person_id=payment.person_id,
            payment=payment,
            opened_by=world.cast.fern,
        )
        for payment in payments
    )


def _waiting_lines(world: World, count: int) -> None:
    """Each is as large as one payment of everybody, so that any of them could be meant."""
    day = MONDAY.date() - timedelta(days=3)
    imported(world.cast, world.account, [(day, f"LINE {number}", -1250) for number in range(count)])


def _unlike(world: World, people: list[Person]) -> None:
    """One in ten is paid through payroll, one in ten wishes for post, one in ten has no account."""
    cast = world.cast
    PayrollMark.objects.bulk_create(
        PayrollMark(organisation=cast.riverside, person=person, marked_by=cast.fern, since=MONDAY.date())
        for person in people[::10]
    )
    by_post = [person.pk for person in people[1::10]]
    Person.objects.filter(pk__in=by_post).update(channel=Channel.POST, address="7 Mill Lane")
