"""How a form asks a service, and how it looks when something is wrong."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

from common.errors import DomainError, IllegalMove, KeyReused, NotPermitted, NotVisible, Stale
from people.forms import (
    DayField,
    MoneyField,
    NumberField,
    PickField,
    PlainForm,
    StampedForm,
    TextField,
    TickField,
    UploadField,
    show_form,
)

KEY = "0" * 32


class Journey(PlainForm):
    fare = MoneyField("the fare", label="What did it cost?", help_text="As on the ticket.")
    note = TextField("a note", label="Anything to add?", required=False)


class Everything(StampedForm):
    """One field of each sort."""

    how = PickField("how you travelled", label="How?", choices=[("bus", "Bus")], hints={"bus": "Any line"})
    needs = TickField("what you need", label="Needs", choices=[("loop", "Loop")])
    on = DayField("the date", label="When?")
    hours = NumberField("the hours", label="How long?", unit="hours", places=2)
    fare = MoneyField("the fare", label="What did it cost?")
    note = TextField("a note", label="Note", line=False)
    paper = UploadField(label="Receipt", accept="image/*", most_megabytes=1)


def sent(**typed: str) -> Journey:
    return Journey({"key": KEY, "fare": "4.20"} | typed)


def test_a_service_is_asked_with_what_was_typed_and_the_key() -> None:
    asked: dict[str, Any] = {}
    result = sent(note=" by bus ").post(lambda **given: asked.update(given) or "done", claim_id=7)
    assert result == "done"
    assert asked == {"fare": 420, "note": "by bus", "claim_id": 7, "key": KEY}


def test_a_wrong_form_asks_no_service() -> None:
    asked: list[object] = []
    form = sent(fare="x")
    assert form.post(lambda **given: asked.append(given)) is None
    assert not asked
    assert "fare" in form.errors


def _refuse(error: DomainError) -> Any:
    def service(**given: object) -> None:
        raise error

    return service


def test_what_a_service_refuses_is_an_error_and_nothing_typed_is_lost() -> None:
    form = sent(note="a note")
    assert form.post(_refuse(DomainError("The fare is too high."))) is None
    page = render_to_string("parts/form/question.html", {"form": form})
    assert form.errors == {"fare": ["The fare is too high"]}
    for kept in ('value="4.20"', 'value="a note"', f'value="{KEY}"', 'href="#id_fare"', "Error: "):
        assert kept in page


@pytest.mark.parametrize("kind", [NotPermitted, NotVisible, IllegalMove, Stale, KeyReused])
def test_some_refusals_have_a_page_of_their_own(kind: type[DomainError]) -> None:
    with pytest.raises(kind):
        sent().post(_refuse(kind("no")))


@pytest.mark.parametrize("key", ["", "1", "g" * 32, "0" * 33, "0" * 31 + "\x00", "' or 1=1"])
def test_a_forged_key_is_refused(key: str) -> None:
    form = sent(key=key)
    assert form.post(lambda **given: "done") is None
    assert form.errors == {"key": ["This form has expired. Go back and start it again."]}
    assert "start it again" in render_to_string("parts/error_summary.html", {"form": form})


def test_each_page_shown_has_a_key_of_its_own() -> None:
    keys = {str(Journey()["key"].value()) for _ in range(3)}
    assert len(keys) == 3
    assert all(Journey({"key": key, "fare": "1"}).is_valid() for key in keys)


def test_the_version_seen_goes_to_the_service() -> None:
    class Decide(StampedForm):
        """Nothing but the stamp."""

    asked: dict[str, Any] = {}
    Decide({"key": KEY, "version": "3"}).post(lambda **given: asked.update(given))
    assert asked == {"expected_version": 3, "key": KEY}
    for forged in ("", "x", "0", "-1", "1e3", "9" * 20):
        assert not Decide({"key": KEY, "version": forged}).is_valid()


def test_every_sort_of_field_has_a_label_a_hint_and_its_error() -> None:
    form = Everything(QueryDict(), {})
    page = render_to_string("parts/form/question.html", {"form": form})
    assert page.count("<h1") == 1
    assert 'enctype="multipart/form-data"' in page
    for name in ("how", "needs", "hours", "fare", "note", "paper"):
        assert f'id="id_{name}"' in page
        assert f'href="#id_{name}"' in page
        assert f'aria-describedby=" id_{name}-error"' in page
    assert 'href="#id_on-day"' in page
    assert page.count("Error:</span>") == 7


def test_what_was_chosen_and_typed_stays() -> None:
    data = QueryDict(mutable=True)
    data.update({"how": "bus", "needs": "loop", "on-day": "31", "on-month": "2", "on-year": "2026"})
    page = render_to_string("parts/form/question.html", {"form": Everything(data, {})})
    assert page.count(" checked") == 2
    assert 'value="31"' in page
    assert "must be a real date" in page


def test_what_is_known_is_filled_in() -> None:
    form = Everything(initial={"on": date(2026, 3, 27), "how": "bus", "fare": 420, "version": 2})
    page = render_to_string("parts/form/question.html", {"form": form})
    assert page.count(" checked") == 1
    for known in ('value="27"', 'value="4.20"', 'name="version" value="2"'):
        assert known in page
    assert "Error" not in page


def test_what_is_typed_is_never_markup() -> None:
    page = render_to_string("parts/form/question.html", {"form": sent(note='"><script>alert(1)</script>')})
    assert "<script>alert" not in page


def test_a_wrong_form_is_answered_with_422(rf: RequestFactory) -> None:
    request, template = rf.get("/"), "parts/form/hidden.html"
    assert show_form(request, Journey(), template).status_code == 200
    assert show_form(request, sent(fare="x"), template).status_code == 422
