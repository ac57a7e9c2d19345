"""Traps that a benefits adviser would look for, in the register and on the pages of the choice."""

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.conf import settings

from claims.models import RatePolicy
from claims.offer_forms import AnswerForm
from common.dates import set_now
from guidance import queries
from guidance.models import Figure, Text
from guidance.services import check_figure
from guidance.services.importing import Taken
from people.form_fields import TextField
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.guidance.conftest import at
from tests.payments.office import MONDAY

ROOT = Path(settings.BASE_DIR)
# What would sound like a promise, but where the register explains how not to write.
PROMISES = re.compile(
    r"\bsafe(ly|r|st)?\b|risk[- ]free|\bguarantee|will not (count|affect|lose)|won['’]t (count|affect)"
    r"|does not affect your|no effect on your|you are entitled|you will (get|keep) your",
    re.IGNORECASE,
)
HOW_TO_WRITE = ("calls nothing safe", "Do not call anything safe")


def promises(text: str) -> list[str]:
    for words in HOW_TO_WRITE:
        text = text.replace(words, "")
    return [found.group() for found in PROMISES.finditer(text)]


def pages_of_the_choice() -> list[Path]:
    folders = ("guidance", "claims/offers", "payments")
    return [page for name in folders for page in sorted((ROOT / "templates" / name).rglob("*.html"))]


def body(topic: str) -> str:
    return " ".join(Text.objects.get(topic=topic).body.split())


def test_trap_20_no_text_calls_anything_safe(taken: Taken) -> None:
    for text in Text.objects.all():
        assert promises(f"{text.title}\n{text.body}") == [], text.title
    assert "counts as money you get" in body("vouchers")


@pytest.mark.parametrize("page", pages_of_the_choice(), ids=lambda page: f"{page.parent.name}/{page.name}")
def test_trap_20_no_page_calls_anything_safe(page: Path) -> None:
    assert promises(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("words", ["Vouchers are safe.", "It will not affect you.", "a risk-free way"])
def test_trap_20_a_promise_would_be_found(words: str) -> None:
    assert promises(words)


def test_trap_20_vouchers_the_text_says_that_sources_disagree_and_names_both(taken: Taken) -> None:
    text = body("vouchers")
    assert "The sources do not agree." in text
    for source in ("SWRU", "Doncaster Council", "BASW", "Scottish Government", "DWP", "uc-advice.co.uk"):
        assert source in text
    assert "We do not know who is right." in text
    named = {each["url"] for each in Text.objects.get(topic="vouchers").sources}
    assert any("beta.gov.scot" in url for url in named)
    assert any("swru.org" in url for url in named)
    assert any("doncaster.gov.uk" in url for url in named)


def test_trap_22_food_is_the_weakest_cost(taken: Taken) -> None:
    assert "Food is the weakest one." in body("costs")
    assert "Keep your bills." in body("costs")


def test_trap_21_a_fee_for_a_day_called_off_late_is_no_cost(taken: Taken) -> None:
    assert "A fee that we pay for a day we called off late is not a cost" in body("costs")


def test_trap_23_work_that_the_rules_may_not_cover(taken: Taken) -> None:
    text = body("who")
    assert "Work on schools alone may not be covered." in text
    assert "the arts or the police" in text
    assert "You are covered" not in text


def test_trap_24_carers_are_covered_and_paid_speakers_are_not(taken: Taken) -> None:
    text = body("who")
    assert "if you look after someone whose views are asked for" in text
    assert "A person who is paid to speak for a group is not covered." in text


def test_trap_25_other_help_has_rules_of_its_own(taken: Taken) -> None:
    text = body("local")
    for help in ("council tax", "Free school meals", "teeth, eyes and medicine"):
        assert help in text


def test_trap_26_work_that_is_not_allowed_is_met_without_a_question(taken: Taken) -> None:
    text = body("work")
    assert "You can ask for your costs and no more. All people here can choose that." in text
    assert "We do not ask about your papers, and we do not write it down." in text


def test_trap_28_every_figure_has_its_year_and_source_and_mislabelled_ones_are_hidden(
    taken: Taken, cast: Cast
) -> None:
    """£404 and £673 are sums of 2024-25 that two calculators print under later years."""
    for figure in Figure.objects.all():
        assert figure.url.startswith("http")
        assert figure.source
        assert (figure.ends_on - figure.starts_on).days in (364, 365)
    wrong = Figure.objects.filter(amount__in=[40400, 67300])
    assert {(row.starts_on.year, row.is_doubtful, row.checked_at) for row in wrong} == {(2024, True, None)}
    page = at(cast.cora).get("/help-with-money/").content.decode()
    assert "£404.00" not in page
    assert "£673.00" not in page
    assert "£203.50" not in page  # worked out, and seen nowhere
    assert "£204.00 a week" in page
    assert "6 April 2026 to 5 April 2027" in page
    assert "checked on 24 November 2026" in page


def test_trap_28_a_doubtful_figure_is_shown_once_a_second_person_has_seen_a_source(
    taken: Taken, cast: Cast
) -> None:
    figure = Figure.objects.get(amount=20350)
    check_figure(actor=cast.vera, figure_id=figure.pk)
    assert "£203.50 a week" in at(cast.cora).get("/help-with-money/").content.decode()


def test_trap_28_a_figure_is_of_this_year_or_of_another(taken: Taken, cast: Cast) -> None:
    [help] = queries.help_for([cast.riverside])
    limit = "Carer's Allowance: earnings limit"
    assert [row.amount for row in help.figures if row.name == limit] == [20400]
    assert [row.amount for row in help.older if row.name == limit] == [19600, 15100]
    assert all(row.starts_on <= date(2026, 11, 24) <= row.ends_on for row in help.figures)


def test_trap_31_pay_can_change_the_tax_on_a_trip_to_a_meeting(taken: Taken) -> None:
    assert "If you hold an office, pay can change the tax on your trip to a meeting." in body("tax")


def test_trap_32_the_tax_slice_is_one_for_all_payers(taken: Taken) -> None:
    text = body("tax")
    assert "It is not one for each group that pays you." in text
    assert "The slice with no tax stays at £1,000." in text


def test_trap_48_no_form_of_the_choice_has_a_box_for_a_reason(policy: RatePolicy, cast: Cast) -> None:
    """Neither field nor page: nothing but an amount can be typed where somebody chooses."""
    with set_now(MONDAY):
        offer, _ = invited(cast, starts_at=MONDAY.replace(hour=12))
        own = at(cast.cora).get(f"/invitations/{offer.pk}/answer/")
        helped = at(cast.lena).get(f"/invitations/{offer.pk}/read-out/")
    for page in (own, helped):
        form = page.context["form"]
        assert isinstance(form, AnswerForm)
        assert free_text(form) == []
        shown = page.content.decode()
        assert "<textarea" not in shown
        assert re.findall(r'<input[^>]*type="text"[^>]*name="(\w+)"', shown) in ([], ["less_amount"])


def free_text(form: forms.Form) -> list[str]:
    """Fields that take words."""
    words = (forms.CharField, TextField)
    return [
        name
        for name, field in form.fields.items()
        if isinstance(field, words) and not isinstance(field.widget, forms.HiddenInput)
    ]


def test_trap_48_a_box_for_a_reason_would_be_found() -> None:
    class Asking(forms.Form):
        reason = TextField("why")

    assert free_text(Asking()) == ["reason"]
