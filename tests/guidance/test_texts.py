"""A text is written by one person and checked by another; every version is kept."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from common.dates import now
from common.errors import DomainError, IllegalMove, NotPermitted
from guidance import queries
from guidance.models import Text
from guidance.services import check_text, set_review
from guidance.words import blocks
from tests.cast import Cast
from tests.guidance.conftest import proposed


def test_a_checked_version_is_what_people_read(cast: Cast) -> None:
    first = proposed(cast)
    assert queries.in_force([cast.riverside]) == []
    check_text(actor=cast.vera, text_id=first.pk)
    assert queries.in_force([cast.riverside]) == [first]
    second = proposed(cast, body="Another.")
    assert (first.version, second.version) == (1, 2)
    assert queries.text_in_force(cast.riverside, "money") == first
    check_text(actor=cast.vera, text_id=second.pk)
    assert queries.text_in_force(cast.riverside, "money") == second
    assert Text.objects.count() == 2
    assert list(Event.objects.order_by("pk").values_list("action", flat=True))[-4:] == [
        "guidance:proposed",
        "guidance:checked",
        "guidance:proposed",
        "guidance:checked",
    ]


@pytest.mark.parametrize("name", ["cora", "lena", "anil", "fern", "farah", "ada", "otto"])
def test_only_administrators_write_check_and_set_the_review(cast: Cast, name: str) -> None:
    text, other = proposed(cast), getattr(cast, name)
    with pytest.raises(NotPermitted):
        proposed(cast, actor=other)
    with pytest.raises(NotPermitted):
        check_text(actor=other, text_id=text.pk)
    with pytest.raises(NotPermitted):
        set_review(actor=other, text_id=text.pk, review_on=date(2027, 1, 1))
    text.refresh_from_db()
    assert text.checked_at is None
    assert Text.objects.count() == 1


def test_nobody_checks_what_they_wrote_themselves(cast: Cast) -> None:
    text = proposed(cast)
    with pytest.raises(NotPermitted, match="Somebody else"):
        check_text(actor=cast.abel, text_id=text.pk)
    with pytest.raises(IntegrityError, match="a_second_person_checks_a_text"), transaction.atomic():
        Text.objects.filter(pk=text.pk).update(checked_by=cast.abel, checked_at=now())


def test_a_text_from_the_command_line_needs_a_person_too(cast: Cast) -> None:
    text = proposed(cast, actor=None)
    assert queries.in_force([cast.riverside]) == []
    check_text(actor=cast.abel, text_id=text.pk)
    assert queries.in_force([cast.riverside]) == [text]


def test_a_version_is_checked_once_and_only_the_newest(cast: Cast) -> None:
    first, second = proposed(cast), proposed(cast)
    with pytest.raises(IllegalMove, match="newer"):
        check_text(actor=cast.vera, text_id=first.pk)
    check_text(actor=cast.vera, text_id=second.pk)
    with pytest.raises(IllegalMove, match="already"):
        check_text(actor=cast.vera, text_id=second.pk)


def test_the_same_form_twice_writes_one_version(cast: Cast) -> None:
    first = proposed(cast, key="a" * 32)
    assert proposed(cast, key="a" * 32) == first
    assert Text.objects.count() == 1


@pytest.mark.parametrize(
    "sources", [[], [{"name": "A", "url": "javascript:alert(1)", "read_on": "2026-11-20"}]]
)
def test_a_text_without_a_source_that_opens_is_refused(cast: Cast, sources: list[dict[str, str]]) -> None:
    events = Event.objects.count()
    with pytest.raises(DomainError):
        proposed(cast, sources=sources)
    assert (Text.objects.count(), Event.objects.count()) == (0, events)


def test_the_next_review_is_after_today_and_ends_being_overdue(cast: Cast) -> None:
    text = proposed(cast, review_on=date(2026, 11, 1))
    assert queries.overdue_texts(cast.riverside) == []  # nobody reads it yet
    check_text(actor=cast.vera, text_id=text.pk)
    assert queries.overdue_texts(cast.riverside) == [text]
    with pytest.raises(DomainError, match="after today"):
        set_review(actor=cast.abel, text_id=text.pk, review_on=date(2026, 11, 24))
    set_review(actor=cast.abel, text_id=text.pk, review_on=date(2026, 11, 25))
    assert queries.overdue_texts(cast.riverside) == []


def test_a_text_is_read_by_its_organisation_alone(cast: Cast) -> None:
    check_text(actor=cast.vera, text_id=proposed(cast).pk)
    assert queries.in_force([cast.hillside]) == []
    assert [help.readings for help in queries.help_for([cast.hillside])] == [[]]


def test_paragraphs_and_lists_are_told_apart() -> None:
    found = list(blocks("One\nline.\r\n\r\n- a\n- b\n\n\n- c\nnot a list"))
    assert [(block.lines, block.is_list) for block in found] == [
        (("One line.",), False),
        (("a", "b"), True),
        (("- c not a list",), False),
    ]
