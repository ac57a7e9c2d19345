"""Every address, asked for by everybody with query strings that nobody should send: it never breaks.

What is shown to people who are signed in stays in no cache, and the title of a contributor's page, which
stands on the tab and in the list of pages visited, says nothing about what they take part in. The title of a
helper's page names nobody.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from claims.models import Activity
from config.access import TABLE
from people.models import Person, Project
from tests.web.conftest import SignIn
from tests.web.test_access import ACTORS, LEAD_ON, OPENED, SEEN, _addresses, _login_address
from tests.web.world import World

BAD = (
    "before=abc",
    "before=%00&after=%00&view=%00&status=%00&q=%00&project=%00",
    f"before={'9' * 400}&after={'9' * 400}&project={'9' * 400}",
    "after=9223372036854775808&project=-1",
    "unheard_of=1&unheard_of[]=2&__proto__=3",
    "before=%ED%A0%80&q=%ED%A0%80&view=%ED%A0%80&after=%ED%A0%80",
    "before=1&before=2&view=own&view=finance&after=3",
    "%00=%00&=&&;=%zz&%F0%9F%99%82=%FF",
    f"q={'x' * 3000}&next=//evil.example/",
    "after=2026-13-45.41&before=1e9&q=%27%20OR%201=1%20--",
)
TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True)
class Visit:
    """One page that somebody asked for."""

    actor: str
    name: str
    query: str
    answer: HttpResponse

    @property
    def title(self) -> str:
        """Empty where there is none, as in a PDF."""
        found = TITLE.search(b"" if self.answer.streaming else self.answer.content)
        return " ".join(found[1].decode().split()) if found else ""

    def __str__(self) -> str:
        return f"{self.actor} {self.name} ?{self.query[:60]}"


Pages = dict[str, list[str]]


def _pages(world: World) -> dict[str, Pages]:
    """The addresses that open for everybody, and those of the records that they see. Others are refused, as
    the walk of `test_access` proves.
    """
    open_to_all: Pages = {
        name: [_login_address(name)]
        for name, policy in TABLE.items()
        if name not in SEEN | OPENED and "GET" in policy.methods
    }
    found: dict[str, Pages] = {actor: {**open_to_all} for actor in ACTORS}
    for name, actors in OPENED.items():
        for actor in actors:
            arguments = ["email"] if name == "contact:change" else []
            found[actor][name] = [reverse(name, args=arguments)]
    for name, of in _addresses(world).items():
        if "GET" in TABLE[name].methods:
            for actor, owners in SEEN[name].items():
                if actor in found:  # the table also names people whom no walk goes as
                    found[actor][name] = [url for owner, url in of.items() if owner in owners]
    return found


def _visits(client: Client, actor: str, pages: Pages, met: set[str]) -> Iterator[Visit]:
    """What opens for the first time: as it should be and with all bad query strings. Later on: with one."""
    for name, urls in pages.items():
        for url in urls:
            for query in [BAD[len(url) % len(BAD)]] if name in met else ["", *BAD]:
                answer = client.get(f"{url}?{query}" if query else url)
                yield Visit(actor, name, query, answer)  # type: ignore[arg-type]
                if answer.status_code == 200:
                    met.add(name)
                elif not query:
                    break


def telling_words() -> dict[str, list[str]]:
    """What a title must not say. To a contributor: what they take part in, with whom, and any amount.
    To whoever helps others: about whom a page is, and any amount.
    """
    projects = Project.objects.values_list("name", flat=True)
    people = Person.objects.values_list("name", flat=True)
    helper = ["£", "GBP", *people]
    return {"cora": [*helper, *projects, *Activity.objects.values_list("title", flat=True)], "lena": helper}


def _faults(visit: Visit, words: dict[str, list[str]]) -> Iterator[str]:
    if visit.answer.status_code >= 500:
        yield f"{visit}: {visit.answer.status_code}"
    if visit.answer.headers["Cache-Control"] != "no-store, private":
        yield f"{visit}: stays in caches"
    if told := [word for word in words.get(visit.actor, []) if word in visit.title]:
        yield f"{visit}: the title says {told}"


@pytest.mark.usefixtures("walking")
def test_no_page_breaks_stays_in_a_cache_or_tells_in_its_title(world: World, signed_in: SignIn) -> None:
    pages, met, faults = _pages(world), set[str](), list[str]()
    words = telling_words()
    for actor in ACTORS:
        client = signed_in(None if actor == "nobody" else getattr(world.cast, actor))
        client.raise_request_exception = False
        for visit in _visits(client, actor, pages[actor], met):
            faults += _faults(visit, words)
    assert not faults, "\n".join(faults)
    ours = {name for name in SEEN.keys() | OPENED.keys() if "GET" in TABLE[name].methods}
    assert not ours - met - LEAD_ON, "never opened by anybody"


TO_HELPERS = ("£12.50", "Dev Contributor")


@pytest.mark.parametrize("title", ["Project A", "What helped at home", *TO_HELPERS])
def test_a_title_that_tells_is_noticed(title: str, world: World, signed_in: SignIn) -> None:
    _pages(world)
    page = HttpResponse(f"<title>{title} – Lived Experience Ledger</title>")
    page["Cache-Control"] = "no-store, private"
    assert list(_faults(Visit("cora", "home", "", page), telling_words()))
    assert bool(list(_faults(Visit("lena", "home", "", page), telling_words()))) is (title in TO_HELPERS)
    page.content = b"<title>Claim C000041</title>"
    assert not list(_faults(Visit("cora", "home", "", page), telling_words()))


def test_a_page_that_breaks_or_stays_is_noticed(
    world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(world.cast.cora)
    client.raise_request_exception = False
    monkeypatch.setattr("reports.views.home_of", None)
    [visit] = _visits(client, "cora", {"home": ["/"]}, set())
    assert list(_faults(visit, {})) == ["cora home ?: 500"]
    page = HttpResponse("kept")
    page["Cache-Control"] = "public"
    assert list(_faults(Visit("cora", "home", "", page), {})) == ["cora home ?: stays in caches"]
