"""Who may know of which claim, and what a page of them costs."""

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import queries
from claims.models import Outcome
from claims.services.claiming import start_claim
from claims.workflow import ClaimStatus
from common.errors import NotVisible
from common.paging import ROWS
from people.models import Link, Person, Role, RoleKind
from people.services import grant_role
from tests.cast import Cast
from tests.claims.paper import BUS, SESSION, decided, typed

pytestmark = pytest.mark.usefixtures("policy")
PAGES = (
    queries.own_claim,
    queries.helper_claim,
    queries.approver_claim,
    queries.finance_claim,
    queries.claim_for,
)


def may_read(person: Person, pk: int) -> set[str]:
    """The pages of a claim that somebody is shown."""
    shown = set()
    for page in PAGES:
        with suppress(NotVisible):
            page(person, pk)
            shown.add(page.__name__)
    return shown


def test_each_reads_their_own_page_and_strangers_none(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    decided(cast, line)
    assert {name: may_read(getattr(cast, name), line.claim_id) for name in PEOPLE} == {
        "cora": {"own_claim", "claim_for"},
        "lena": {"helper_claim", "claim_for"},
        "anil": {"approver_claim", "claim_for"},
        "hana": {"approver_claim", "claim_for"},
        "fern": {"finance_claim", "claim_for"},
        "farah": {"finance_claim", "claim_for"},
        "ada": {"finance_claim", "claim_for"},
        "dev": set(),
        "bea": set(),
        "abel": set(),
        "otto": set(),
    }
    assert all(may_read(getattr(cast, name), line.claim_id + 99) == set() for name in PEOPLE)


PEOPLE = ("cora", "dev", "lena", "anil", "bea", "hana", "fern", "farah", "ada", "abel", "otto")


def test_finance_knows_of_a_claim_only_when_something_is_due(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    assert may_read(cast.fern, line.claim_id) == set()
    decided(cast, line, Outcome.REFUSE, reason="For another day.")
    assert may_read(cast.fern, line.claim_id) == set()


def test_a_draft_is_for_its_contributor_and_helpers(cast: Cast) -> None:
    draft = start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)
    readers = {name for name in PEOPLE if may_read(getattr(cast, name), draft.pk)}
    assert readers == {"cora", "lena"}


def test_a_lead_whose_project_carries_a_part_reads_the_claim(cast: Cast) -> None:
    [line] = typed(cast, BUS + "PROJ-A:1;PROJ-B:1")
    assert may_read(cast.bea, line.claim_id) == {"approver_claim", "claim_for"}


def test_a_right_that_ends_ends_at_once(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    decided(cast, line)
    rows: list[Role | Link] = [*Role.objects.exclude(kind=RoleKind.CONTRIBUTOR), *Link.objects.all()]
    for row in rows:
        row.until = row.since
        row.save()
    readers = {name for name in PEOPLE if may_read(getattr(cast, name), line.claim_id)}
    assert readers == {"cora"}


def test_what_somebody_has_a_part_in_does_not_wait_for_them(cast: Cast) -> None:
    typed(cast, BUS, BUS.replace("B1,1,cora", "B2,1,dev").replace("R-1", "R-2"))
    for person in (cast.dev, cast.lena):
        grant_role(
            actor=cast.abel,
            person=person,
            kind=RoleKind.LEAD,
            organisation=cast.riverside,
            project=cast.project,
        )
    assert len(queries.approver_rows(cast.anil).rows) == 2
    assert [row.contributor for row in queries.approver_rows(cast.dev).rows] == ["Cora Contributor"]
    assert queries.approver_rows(cast.lena).rows == []
    [own] = queries.own_rows(cast.dev).rows
    assert queries.approver_claim(cast.dev, own.pk).barred == "Somebody else has to decide your own claim."


def test_pages_go_back_and_forth_and_end(cast: Cast) -> None:
    typed(cast, *(BUS.replace("B1", f"B{n}").replace("R-1", f"R-{n}") for n in range(ROWS + 3)))
    first = queries.approver_rows(cast.anil, keep="view=lead&")
    assert first.older.startswith("?view=lead&before=")
    second = queries.approver_rows(cast.anil, asked_by(first.older))
    keys = [row.pk for row in (*first.rows, *second.rows)]
    assert (len(first.rows), len(second.rows), first.newer, second.older) == (ROWS, 3, "", "")
    assert keys == sorted(set(keys), reverse=True)
    assert queries.approver_rows(cast.anil, asked_by(second.newer)).rows == first.rows


def asked_by(address: str) -> dict[str, str]:
    """What the address of a page asks for."""
    return dict(parse_qsl(address.removeprefix("?")))


@pytest.mark.parametrize("many", [1, 12])
def test_a_page_costs_the_same_however_many_rows(cast: Cast, many: int) -> None:
    lines = typed(
        cast,
        *(BUS.replace("B1", f"B{n}").replace("R-1", f"R-{n}") for n in range(many)),
        *(SESSION.format(answer="").replace("S1,1", f"B0,{n + 2}") for n in range(many)),
    )
    for line in lines:
        decided(cast, line)
    pk = lines[0].claim_id
    costs: dict[str, tuple[Callable[[], object], int]] = {
        "own list": (lambda: queries.own_rows(cast.cora), 2),
        "helper list": (lambda: queries.helper_rows(cast.lena), 2),
        "approver list": (lambda: queries.approver_rows(cast.anil, status=ClaimStatus.DECIDED), 2),
        "finance list": (lambda: queries.finance_rows(cast.fern), 2),
        "own page": (lambda: queries.own_claim(cast.cora, pk), 3),
        "approver page": (lambda: queries.approver_claim(cast.anil, pk), 6),
        "finance page": (lambda: queries.finance_claim(cast.fern, pk), 3),
    }
    for name, (ask, expected) in costs.items():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ask()
        assert len(asked) == expected, name
