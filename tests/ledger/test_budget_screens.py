"""A lead proposes a budget on screen, a finance approver agrees it, and every version stays to be read."""

from typing import Any

import pytest
from django.test import Client

from common.errors import IllegalMove
from ledger.models import Budget, BudgetStatus
from ledger.queries import planned
from ledger.services.budgets import agree, propose
from tests.cast import Cast
from tests.people.browsers import browser, errors_of
from tests.people.setup.screens import send


@pytest.fixture
def anil(cast: Cast) -> Client:
    """Anil, who leads PROJ-A, at the screen."""
    return browser(cast.anil)


def path_of(cast: Cast) -> str:
    return f"/projects/{cast.project.pk}/budgets/"


def test_the_form_starts_from_what_is_agreed(anil: Client, cast: Cast) -> None:
    page = anil.get(f"{path_of(cast)}propose/").content.decode()
    assert 'value="5000.00"' in page
    assert 'value="200.00"' in page


def test_a_lead_proposes_and_a_finance_approver_agrees(anil: Client, cast: Cast) -> None:
    answer = send(anil, f"{path_of(cast)}propose/", fees="6,500", travel="£1200.50", care="", other="0")
    assert answer.headers["Location"] == f"{path_of(cast)}2/"
    made = Budget.objects.get(version=2)
    assert (made.status, made.proposed_by) == (BudgetStatus.PROPOSED, cast.anil)
    page = anil.get(f"{path_of(cast)}2/").content.decode()
    assert "Somebody else has to agree a budget you proposed." in page
    assert "Agree this budget</button>" not in page
    farah = browser(cast.farah)
    shown = farah.get(f"{path_of(cast)}2/").content.decode()
    assert "£1,500.00" in shown  # 6,500 less the 5,000 agreed before
    assert "£900.50" in shown  # the sum, 8,400.50, less the 7,500 agreed before
    assert send(farah, f"{path_of(cast)}2/").headers["Location"] == path_of(cast)
    assert planned(cast.project) == {
        "fees": 650_000,
        "travel": 120_050,
        "care": 0,
        "access": 40_000,
        "subsistence": 30_000,
        "other": 0,
    }


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"fees": "lots"}, "The plan for money for time:"),
        ({"fees": "1.234"}, "The plan for money for time:"),
        ({"fees": "-1"}, "The plan for money for time:"),
        ({"fees": "99999999999999"}, "The plan"),
        (
            dict.fromkeys(("fees", "travel", "care", "access", "subsistence", "other"), ""),
            "A budget needs at least",
        ),
    ],
)
def test_a_bad_plan_is_refused_in_words_and_nothing_typed_is_lost(
    anil: Client, cast: Cast, typed: dict[str, str], words: str
) -> None:
    answer = send(anil, f"{path_of(cast)}propose/", **{"activities": "7", **typed})
    assert answer.status_code == 422
    assert errors_of(answer)[0].startswith(words)
    assert 'value="7"' in answer.content.decode()
    assert Budget.objects.filter(project=cast.project).count() == 1


def test_the_plan_is_worked_out_from_activities_and_nothing_is_kept(anil: Client, cast: Cast) -> None:
    sums = {"activities": "12", "places": "6", "each-fees": "55", "each-travel": "8.50"}
    answer = send(anil, f"{path_of(cast)}propose/", work_out="yes", **sums)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="3960.00"' in page  # 12 times 6 times 55
    assert 'value="612.00"' in page  # 12 times 6 times 8.50
    assert 'value="600.00"' in page  # care, as agreed before
    assert Budget.objects.filter(project=cast.project).count() == 1
    wrong = send(anil, f"{path_of(cast)}propose/", work_out="yes", **sums | {"places": "some"})
    assert errors_of(wrong) == ["The people must be a number, like 2"]


def test_a_preparer_proposes_but_does_not_agree(cast: Cast) -> None:
    proposal = propose(actor=cast.anil, project=cast.project, lines={"fees": 1})
    fern = browser(cast.fern)
    page = fern.get(f"{path_of(cast)}{proposal.version}/").content.decode()
    assert "Only a finance approver can agree a budget." in page
    assert send(fern, f"{path_of(cast)}{proposal.version}/").status_code == 403
    assert Budget.objects.get(pk=proposal.pk).status == BudgetStatus.PROPOSED


def test_an_older_proposal_is_not_agreed_after_a_later_one(cast: Cast) -> None:
    older = propose(actor=cast.anil, project=cast.project, lines={"fees": 1})
    later = propose(actor=cast.anil, project=cast.project, lines={"fees": 2})
    agree(actor=cast.farah, budget_id=later.pk)
    with pytest.raises(IllegalMove, match="later version"):
        agree(actor=cast.farah, budget_id=older.pk)
    assert planned(cast.project) == {"fees": 2}


def test_every_version_is_listed_with_who_agreed_it(anil: Client, cast: Cast) -> None:
    propose(actor=cast.anil, project=cast.project, lines={"fees": 1})
    page = anil.get(path_of(cast)).content.decode()
    assert page.index("Version 2") < page.index("Version 1")
    assert "Farah Finance" in page
    assert "£7,500.00" in page


def test_the_list_costs_the_same_however_many_versions(
    anil: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for amount in range(1, 12):
        propose(actor=cast.anil, project=cast.project, lines={"fees": amount})
    with django_assert_max_num_queries(10):
        assert anil.get(path_of(cast)).status_code == 200
