"""The contact from before: warned of new bank details for two days, then forgotten; sealed for one person."""

from datetime import timedelta

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from common.dates import set_now
from common.encryption import CannotOpen
from payments.services.details import COOLING_OFF
from people.models import FormerContact, PaperFormat
from people.services import change_person
from people.services.contact import change_contact
from people.services.former import KEPT_FOR, Former, forget, former_contacts
from people.services.warnings import Warn, send_warning
from people.tasks import forget_former
from tests.cast import Cast
from tests.payments.office import MONDAY
from tests.payments.test_bank_details import entered

pytestmark = pytest.mark.usefixtures("monday")


def warned() -> list[tuple[str, str]]:
    """Run the warnings that wait: to whom, and what they say."""
    mail.outbox.clear()
    rows = DBTaskResult.objects.filter(task_path="people.tasks.warn_old_address").order_by("enqueued_at")
    for row in rows:
        assert "cora" not in str(row.args_kwargs)
        send_warning(*row.args_kwargs["args"])
    rows.delete()
    return [(each.to[0], str(each.body)) for each in mail.outbox]


def test_new_bank_details_are_told_to_the_address_from_before_too(cast: Cast) -> None:
    change_contact(actor=cast.cora, email="thief@example.org")
    warned()
    with set_now(MONDAY + timedelta(hours=47)):
        entered(cast.cora, cast.cora)
    [(to, body)] = warned()
    assert to == "cora@example.org"
    assert "Somebody gave us new bank details for you." in body
    assert "thief@example.org" not in body
    assert not any(digits in body for digits in ("66374958", "58", "089999"))


def test_every_address_of_two_days_is_told_once(cast: Cast) -> None:
    for email in ("second@example.org", "cora@example.org", "third@example.org"):
        change_contact(actor=cast.cora, email=email)
    warned()
    entered(cast.cora, cast.cora)
    assert sorted(to for to, _ in warned()) == ["cora@example.org", "second@example.org"]


@pytest.mark.parametrize(("seconds", "told"), [(-1, 1), (0, 0)])
def test_after_two_days_it_is_told_no_more(cast: Cast, seconds: int, told: int) -> None:
    change_contact(actor=cast.cora, email="new@example.org")
    warned()
    with set_now(MONDAY + KEPT_FOR + timedelta(seconds=seconds)):
        entered(cast.cora, cast.cora)
        assert len(warned()) == told
        forget()
        assert FormerContact.objects.count() == told
    assert KEPT_FOR == COOLING_OFF


def test_an_unchanged_contact_is_told_nothing_twice(cast: Cast) -> None:
    change_contact(actor=cast.cora, paper_format=PaperFormat.LARGE)
    entered(cast.cora, cast.cora)
    assert warned() == []
    assert not FormerContact.objects.exists()


def test_it_is_forgotten_by_a_task_in_two_days(cast: Cast) -> None:
    change_contact(actor=cast.cora, email="new@example.org")
    [task] = DBTaskResult.objects.filter(task_path="people.tasks.forget_former")
    assert task.run_after == MONDAY + KEPT_FOR
    with set_now(task.run_after):
        forget_former.call()
    assert not FormerContact.objects.exists()


def test_what_an_administrator_changes_is_told_to_the_address_before(cast: Cast) -> None:
    person = cast.cora
    change_person(
        actor=cast.abel,
        person_id=person.pk,
        name=person.name,
        email="new@example.org",
        phone="",
        address="",
        channel=person.channel,  # type: ignore[arg-type]
        paper_format=person.paper_format,  # type: ignore[arg-type]
    )
    [(to, body)] = warned()
    assert to == "cora@example.org"
    assert "Somebody gave us a new e-mail address for you." in body


def test_it_is_sealed_for_its_person_and_shows_nowhere(cast: Cast) -> None:
    change_contact(actor=cast.cora, phone="0113 496 0001")
    change_contact(actor=cast.cora, phone="0113 496 0002", email="new@example.org")
    first, second = former_contacts(cast.cora)
    assert first == Former(None, "", MONDAY)
    assert second == Former("cora@example.org", "0113 496 0001", MONDAY)
    assert "cora" not in str(second)
    assert not any(b"0113" in bytes(row.sealed) for row in FormerContact.objects.all())
    FormerContact.objects.update(person=cast.dev)
    with pytest.raises(CannotOpen):
        former_contacts(cast.dev)


def test_both_warnings_have_words() -> None:
    assert {Warn(value) for value in ("new_address", "new_bank_details")} == set(Warn)
