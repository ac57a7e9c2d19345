"""The two walls: what approvers and finance see is the same, whatever a contributor answered."""

from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

import pytest
from django.forms.models import model_to_dict

from audit.models import Event
from claims import queries
from claims.models import Answer, ClaimLine, Decision, Outcome
from claims.queries import ApproverTime, FinanceClaimRow
from common.errors import NotVisible
from ledger.models import Commitment, JournalEntry
from tests.cast import Cast
from tests.claims.paper import BUS, SESSION, decided, typed

pytestmark = pytest.mark.usefixtures("policy")
ANSWERS = ("", "declined", "less:1.00")
NEUTRAL = {"pk": 0, "reference": "", "submitted_at": None, "before": None}


def claim_of(cast: Cast, answer: str, *, decide: bool) -> int:
    """A claim for a bus and a session, with this answer to the fee."""
    handle = f"S{ANSWERS.index(answer)}"
    time, bus = typed(
        cast,
        SESSION.format(answer=answer).replace("S1,1", f"{handle},1"),
        BUS.replace("B1,1", f"{handle},2").replace("R-1", f"R-{handle}"),
    )
    if decide:
        decided(cast, time)
        decided(cast, bus)
    return time.claim_id


def shown(page: Any) -> Any:
    """A page without names, keys and times."""
    if isinstance(page, dict):
        return {name: NEUTRAL.get(name, shown(value)) for name, value in page.items() if name != "receipt"}
    if isinstance(page, list | tuple):
        return [shown(each) for each in page]
    return page


@pytest.mark.parametrize("decide", [False, True], ids=["waiting", "decided"])
def test_an_approver_sees_the_same_whatever_was_answered(cast: Cast, decide: bool) -> None:
    pages = [queries.approver_claim(cast.anil, claim_of(cast, each, decide=decide)) for each in ANSWERS]
    first, *others = [shown(asdict(page)) for page in pages]
    assert all(other == first for other in others)
    helped = [queries.helper_claim(cast.lena, page.claim.pk) for page in pages]
    assert len({str(shown(asdict(page))) for page in helped}) == 1


def test_what_approvers_see_of_time_has_no_place_for_money_or_an_answer() -> None:
    names = {field.name for field in fields(ApproverTime)}
    assert not names & {"estimate", "estimate_reason", "allowed", "spent", "answer", "less_amount", "rate"}


def test_for_finance_declined_and_never_offered_look_the_same(cast: Cast) -> None:
    declined = queries.finance_claim(cast.fern, claim_of(cast, "declined", decide=True))
    [bus] = typed(cast, BUS.replace("B1", "N1").replace("R-1", "R-N"))
    decided(cast, bus)
    never = queries.finance_claim(cast.fern, bus.claim_id)
    assert shown(asdict(declined)) == shown(asdict(never))


def test_finance_sees_money_for_time_as_one_amount_without_hours(cast: Cast) -> None:
    typed(cast, SESSION.format(answer=""), SESSION.format(answer="").replace("S1,1", "S1,2"))
    for line in ClaimLine.objects.all():
        decided(cast, line)
    [row] = queries.finance_rows(cast.fern).rows
    assert (row.fee, row.costs) == (11_000, 0)
    names = {field.name for field in fields(FinanceClaimRow)}
    assert not names & {"hours", "quantity", "estimate", "answer", "waiting", "status"}


def test_a_claim_on_which_nothing_is_due_does_not_exist_for_finance(cast: Cast) -> None:
    [line] = typed(cast, SESSION.format(answer="declined"))
    decided(cast, line)
    for person in (cast.fern, cast.farah, cast.ada):
        assert queries.finance_rows(person).rows == []
        with pytest.raises(NotVisible):
            queries.finance_claim(person, line.claim_id)
        with pytest.raises(NotVisible):
            queries.claim_for(person, line.claim_id)


def test_the_contributor_sees_their_own_answer(cast: Cast) -> None:
    page = queries.own_claim(cast.cora, claim_of(cast, "declined", decide=True))
    time = page.lines[0]
    assert (time.answer, time.allowed, time.reason) == (
        Answer.DECLINED,
        0,
        "You chose not to take this money.",
    )


def test_neither_history_nor_trail_nor_reservations_tell_the_answer(cast: Cast) -> None:
    traces = []
    for answer in ANSWERS:
        claim = claim_of(cast, answer, decide=True)
        line = ClaimLine.objects.get(claim=claim, position=1)
        history = [model_to_dict(row) for row in line.history.order_by("history_id")]
        events = Event.objects.filter(subject_type="claims.claim", subject_id=claim).order_by("pk")
        traces.append(
            (
                [{k: v for k, v in row.items() if k not in IDENTITY} for row in history],
                list(events.values_list("action", "version")),
                list(Commitment.objects.filter(source=f"line:{line.pk}").values_list("amount", "stage")),
                [(each.outcome, each.reason) for each in Decision.objects.filter(line=line)],
            )
        )
    assert traces[0] == traces[1] == traces[2]
    assert traces[0][2] == [(5500, "claimed")]


def test_the_books_do_not_number_the_lines_of_a_claim(cast: Cast) -> None:
    claim_of(cast, "declined", decide=True)
    [entry] = JournalEntry.objects.filter(source__startswith="claim:")
    assert entry.narrative.endswith(": travel")


def test_hours_confirmed_by_a_lead_show_alike_too(cast: Cast) -> None:
    pages = []
    for answer in ANSWERS:
        claim = claim_of(cast, answer, decide=False)
        line = ClaimLine.objects.get(claim=claim, position=1)
        decided(cast, line, Outcome.REDUCE, hours=Decimal(1), reason="Left at the break.")
        pages.append(shown(asdict(queries.approver_claim(cast.anil, claim))))
    assert pages[0] == pages[1] == pages[2]
    assert pages[0]["time"][0]["confirmed_hours"] == 1


IDENTITY = {"id", "claim", "handle", "history_id", "history_date", "decided_at", "receipt"}
