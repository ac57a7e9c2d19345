"""The pages on which a lead decides a claim: what they show, what they refuse, and what they keep."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, ClaimLine, Decision, Outcome, Undoing
from claims.services import claiming
from claims.services.settling import LONGEST_REASON
from claims.standard_reasons import STANDARD_REASONS, in_words, reasons_for
from claims.workflow import LineStatus
from common.dates import now, set_now
from ledger.services import budgets
from people.models import User
from tests.cast import Cast
from tests.claims.paper import BUS, SESSION, decided, typed

pytestmark = pytest.mark.usefixtures("policy")
TIME = SESSION.format(answer="").replace("S1,1", "B1,2")


@pytest.fixture
def lines(cast: Cast) -> list[ClaimLine]:
    """A bus and two hours of Cora's, typed in by Lena."""
    return typed(cast, BUS, TIME)


@pytest.fixture
def anil(cast: Cast) -> Client:
    return browser(cast.anil)


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(User.objects.get(person=person))
    return client


def address(line: ClaimLine) -> str:
    return f"/claims/{line.claim.reference}/decide/"


def hidden(page: Any) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page.content.decode()))


def post(client: Client, url: str, step: str, **data: str) -> Any:
    """Open the page and send it with these answers."""
    page = client.get(url)
    return client.post(
        url, hidden(page) | {"step": step} | {name.replace("_", "-"): v for name, v in data.items()}
    )


def agree(*lines: ClaimLine) -> dict[str, str]:
    return {f"line-{line.pk}": "approve" for line in lines}


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_page_shows_what_was_asked_for_beside_what_the_rates_give(
    anil: Client, lines: list[ClaimLine]
) -> None:
    page = text(anil.get(address(lines[0])))
    for words in (
        "Cora Contributor, typed in by Lena Link",
        "Asked for £5.00 on 10 November 2026",
        "Our rates give £5.00",
        "On paper, marked R-1.",
        "How long 2 hours on 10 November 2026",
    ):
        assert words in page
    assert "£55.00" not in page


def test_it_costs_the_same_number_of_queries_however_many_lines(
    cast: Cast, anil: Client, django_assert_max_num_queries: Any
) -> None:
    rows = [BUS.replace("B1,1", f"B1,{n}").replace("R-1", f"R-{n}") for n in range(1, 9)]
    many = typed(cast, *rows)
    with django_assert_max_num_queries(75):
        assert anil.get(address(many[0])).status_code == 200


def test_the_check_says_what_happens_to_the_budget_and_changes_nothing(
    cast: Cast, anil: Client, lines: list[ClaimLine]
) -> None:
    answer = post(anil, address(lines[0]), "check", **agree(*lines))
    page = text(answer)
    assert "Travel Project A £1,000.00 £0.00 £5.00 £995.00" in page
    assert "Money for time Project A £5,000.00 £0.00 £55.00 £4,945.00" in page
    assert "Agreed : £5.00" in page
    assert not Decision.objects.exists()
    assert Claim.objects.get().version == 1


def test_what_was_checked_is_sent_as_it_stands(cast: Cast, anil: Client, lines: list[ClaimLine]) -> None:
    url = address(lines[0])
    check = post(anil, url, "check", **agree(*lines))
    sent = anil.post(url, hidden(check) | {"step": "send"})
    assert (sent.status_code, sent["Location"]) == (302, "/claims/?view=lead")
    assert set(ClaimLine.objects.values_list("status", flat=True)) == {LineStatus.APPROVED}
    again = anil.post(url, hidden(check) | {"step": "send"})
    assert (again.status_code, Decision.objects.count()) == (302, 2)


def test_changing_keeps_everything_that_was_typed(anil: Client, lines: list[ClaimLine]) -> None:
    bus, _ = lines
    name, url = f"line-{bus.pk}", address(bus)
    typed_in = {
        name: "reduce",
        f"{name}-part-amount": "2.50",
        f"{name}-part-why": "cost-part-other",
        f"{name}-part-words": "One way was for the shops.",
    }
    check = post(anil, url, "check", **typed_in)
    assert "“Part of this was for something else. One way was for the shops.”" in text(check)
    back = anil.post(url, hidden(check) | {"step": "change"}).content.decode()
    assert re.search(rf'id="id_{name}-2" name="{name}" type="radio" value="reduce" checked', back)
    assert 'value="2.50"' in back
    assert '<option value="cost-part-other" selected>' in back
    assert "One way was for the shops.</textarea>" in back


BAD: dict[str, tuple[dict[str, str], str]] = {
    "nothing decided": ({}, "Decide at least one line"),
    "a part of nothing": (
        {"": "reduce", "part-why": "cost-part-other"},
        "Bus fare: enter how much of it you agree",
    ),
    "a part in words": (
        {"": "reduce", "part-amount": "half", "part-why": "cost-part-other"},
        "Bus fare: how much you agree",
    ),
    "more than the rates give": (
        {"": "reduce", "part-amount": "5.00", "part-why": "cost-part-other"},
        "below £5.00",
    ),
    "no reason": ({"": "refuse"}, "Bus fare: say why, in plain words"),
    "no question": ({"": "ask about"}, "Bus fare: say what you need to know"),
    "a reason of another kind": ({"": "refuse", "refuse-why": "time-none-place"}, "Select a valid choice"),
    "an outcome there is none of": ({"": "pay twice"}, "Select what you decide"),
    "a flood": ({"": "refuse", "refuse-words": "x" * 5_000}, "200 characters or fewer"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("step", ["check", "send"])
def test_a_mistake_is_named_and_nothing_is_lost(
    anil: Client, lines: list[ClaimLine], name: str, step: str
) -> None:
    given, told = BAD[name]
    line = f"line-{lines[0].pk}"
    data = {f"{line}-{part}".removesuffix("-"): value for part, value in given.items()}
    answer = post(anil, address(lines[0]), step, **data)
    assert answer.status_code == 422
    assert "There is a problem" in text(answer)
    assert told in text(answer)
    assert "<title>" in (page := answer.content.decode())
    assert "Error:" in page
    assert all(value in page for value in given.values() if len(value) < 100 and value != "pay twice")
    assert not Decision.objects.exists()


def test_an_old_screen_says_who_did_what_and_leads_back(
    cast: Cast, anil: Client, lines: list[ClaimLine]
) -> None:
    url = address(lines[0])
    opened = hidden(anil.get(url))
    decided(cast, lines[0])
    for step in ("check", "send"):
        answer = anil.post(url, opened | {"step": step} | agree(*lines))
        assert answer.status_code == 409
        assert "Anil Lead decided a claim line" in text(answer)
        assert f'href="{url}"' in answer.content.decode()
    assert Decision.objects.count() == 1


def test_one_key_with_other_answers_is_refused(anil: Client, lines: list[ClaimLine]) -> None:
    url = address(lines[0])
    opened = hidden(anil.get(url)) | {"step": "send"}
    anil.post(url, opened | agree(lines[0]))
    answer = anil.post(url, opened | agree(lines[1]))
    assert (answer.status_code, Decision.objects.count()) == (409, 1)


def test_over_the_budget_a_lead_sends_the_rest_and_hears_whom_to_ask(
    cast: Cast, anil: Client, lines: list[ClaimLine]
) -> None:
    low(cast, travel=100)
    url = address(lines[0])
    check = post(anil, url, "check", **agree(*lines))
    page = text(check)
    assert "Not sent" in page
    assert "Ask Hana Holder." in page
    assert "What is left" in page
    sent = anil.post(url, hidden(check) | {"step": "send"})
    assert sent.status_code == 302
    assert [line.status for line in ClaimLine.objects.order_by("position")] == ["open", "approved"]


def test_a_budget_holder_goes_over_the_budget_with_a_reason(cast: Cast, lines: list[ClaimLine]) -> None:
    low(cast, travel=100)
    hana, url = browser(cast.hana), address(lines[0])
    refused = post(hana, url, "check", **agree(*lines))
    assert (refused.status_code, "Only a lead of every project" in text(refused)) == (422, True)
    check = post(hana, url, "check", **agree(lines[0]))
    assert "Over the plan" in text(check)
    without = hana.post(url, hidden(check) | {"step": "send"})
    assert without.status_code == 422
    assert "Enter why it is right to spend more than was planned" in text(without)
    sent = hana.post(url, hidden(check) | {"step": "send", "over_budget_reason": "The price went up."})
    assert sent.status_code == 302
    assert Decision.objects.get().over_budget_reason == "The price went up."


def low(cast: Cast, **plan: int) -> None:
    """Another agreed budget, with little in some categories."""
    lines = {"fees": 500_000, "travel": 100_000} | plan
    proposed = budgets.propose(actor=cast.anil, project=cast.project, lines=lines)
    budgets.agree(actor=cast.farah, budget_id=proposed.pk)


def test_whoever_has_a_part_in_it_reads_why_they_may_not_decide(cast: Cast) -> None:
    [line] = typed(cast, BUS, actor=cast.anil)
    client = browser(cast.anil)
    page = client.get(address(line))
    assert "Somebody else has to decide a claim that you typed in." in text(page)
    assert "Check your decisions" not in text(page)
    assert client.post(address(line), hidden(page)).status_code == 422


def test_a_claim_leads_to_its_decision_while_a_line_waits(cast: Cast, anil: Client) -> None:
    [line] = typed(cast, BUS)
    url, decide = f"/claims/{line.claim.reference}/", "Look at the receipts and decide"
    assert decide in text(anil.get(url))
    decided(cast, line)
    after = text(anil.get(url))
    assert (decide in after, "Receipts, what happened so far, and your decisions" in after) == (False, True)


def test_a_question_is_answered_and_asked_again(cast: Cast, anil: Client) -> None:
    [line] = typed(cast, BUS)
    name, url = f"line-{line.pk}", address(line)
    for number, (question, answer) in enumerate((("Which way?", "Both ways."), ("And when?", "At noon."))):
        with set_now(now() + timedelta(minutes=120 * number)):
            check = post(anil, url, "check", **{name: "ask about", f"{name}-ask-words": question})
            assert anil.post(url, hidden(check) | {"step": "send"}).status_code == 302
        waiting = text(anil.get("/claims/?view=lead"))
        assert "Their answer" in waiting
        with set_now(now() + timedelta(minutes=120 * number + 60)):
            claiming.answer_question(actor=cast.lena, line_id=line.pk, note=answer, receipt=f"R-{number + 7}")
    page = text(anil.get(url))
    for words in ("asked: Which way?", "Lena Link answered: “Both ways.” Sent another receipt.", "And when?"):
        assert words in page
    assert page.index("Which way?") < page.index("Both ways.") < page.index("And when?")


def test_the_same_paper_elsewhere_is_a_kind_question(cast: Cast, anil: Client) -> None:
    first, again = typed(cast, BUS, BUS.replace("B1", "B2"))
    page = text(anil.get(address(first)))
    assert f"The same receipt is named on claim {again.claim}, line 1." in page
    assert "There may be a good reason." in page


def test_a_decision_is_undone_with_a_reason(cast: Cast, anil: Client, lines: list[ClaimLine]) -> None:
    decision = decided(cast, lines[0])
    url = f"/claims/{lines[0].claim.reference}/decisions/{decision.pk}/undo/"
    assert url in anil.get(address(lines[0])).content.decode()
    empty = post(anil, url, "", reason=" ")
    assert (empty.status_code, "Enter why you are undoing this decision" in text(empty)) == (422, True)
    form = hidden(anil.get(url)) | {"reason": "I read the wrong receipt."}
    done = anil.post(url, form)
    assert (done.status_code, done["Location"]) == (302, address(lines[0]))
    assert anil.post(url, form).status_code == 302
    assert Undoing.objects.count() == 1
    page = text(anil.get(address(lines[0])))
    assert "Anil Lead undid this decision: I read the wrong receipt." in page
    assert anil.get(url)["Location"] == address(lines[0])


def test_what_somebody_else_undid_is_not_undone_again(
    cast: Cast, anil: Client, lines: list[ClaimLine]
) -> None:
    decision = decided(cast, lines[0])
    url = f"/claims/{lines[0].claim.reference}/decisions/{decision.pk}/undo/"
    forms = [hidden(anil.get(url)) | {"reason": "A slip."} for _ in range(2)]
    assert [anil.post(url, form).status_code for form in forms] == [302, 409]


def test_the_queue_has_the_oldest_promise_first_and_narrows_to_a_project(cast: Cast, anil: Client) -> None:
    later, sooner = (
        typed(cast, BUS.replace("B1", f"B{n}").replace("R-1", f"R-{n}"))[0].claim for n in (1, 2)
    )
    with set_now(now() - timedelta(days=90)):
        old = typed(cast, BUS.replace("B1", "B3").replace("R-1", "R-3"))[0].claim
    page = text(anil.get("/claims/?view=lead"))
    assert page.index(old.reference) < page.index(later.reference) < page.index(sooner.reference)
    assert "3 waiting, 1 late" in page
    assert anil.get(f"/claims/?view=lead&project={cast.other_project.pk}").status_code == 200
    for odd in ("after=x", "after=2026-99-99.1", "after=.", "project=x", f"after=2026-11-20.{'9' * 30}"):
        assert anil.get(f"/claims/?view=lead&{odd}").status_code == 200


def test_the_queue_goes_on_after_a_full_page(
    cast: Cast, anil: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.queries.queue.ROWS", 2)
    rows = [BUS.replace("B1", f"B{n}").replace("R-1", f"R-{n}") for n in range(1, 6)]
    wanted = [line.claim.reference for line in typed(cast, *rows)]
    found, url = [], "/claims/?view=lead"
    while url:
        page = anil.get(url).content.decode()
        found += re.findall(r"/claims/(C\d+)/decide/", page)
        following = re.search(r'href="(\?view=lead[^"]*after=[^"]*)" rel="next"', page)
        url = f"/claims/{following[1].replace('&amp;', '&')}" if following else ""
    assert found == wanted


def test_standard_reasons_are_few_plain_and_leave_room_for_own_words() -> None:
    assert len({each.code for each in STANDARD_REASONS}) == len(STANDARD_REASONS)
    for each in STANDARD_REASONS:
        assert (each.code, each.words) in reasons_for(each.outcome, each.counts_as)
        assert len(in_words(each.code, "x" * 200)) <= LONGEST_REASON
        assert each.outcome != Outcome.APPROVE
    assert in_words("", "My own.") == "My own."
