"""Enter, verify and look at bank details: two people before first use, and bound to row and person."""

from datetime import timedelta

import pytest

from audit.models import Event
from common.dates import set_now
from common.encryption import CannotOpen
from common.errors import IllegalMove, NotPermitted
from payments.models import BankDetails
from payments.secrets import open_details
from payments.services import details
from payments.services.details import BankDetailsError, enter, read_details, reveal, verify
from people.models import Person, RoleKind
from tests.cast import Cast
from tests.payments.office import MONDAY, account_of, colleague


def entered(actor: Person, person: Person, number: str = "66374958") -> BankDetails:
    return enter(
        actor=actor, person=person, account_name="C Contributor", sort_code="08-99-99", account_number=number
    )


def test_first_details_can_be_used_once_another_person_has_verified_them(monday: None, cast: Cast) -> None:
    waiting = entered(cast.cora, cast.cora)
    assert (waiting.verified_at, waiting.usable_from) == (None, None)

    found = verify(actor=cast.farah, details_id=waiting.pk, note="Rang her.")

    assert (found.verified_by, found.usable_from) == (cast.farah, MONDAY)
    assert (found.last_digits, str(found)) == ("58", "Account ending 58")


def test_a_change_replaces_the_account_in_use_and_rests(monday: None, cast: Cast) -> None:
    first = account_of(cast, cast.cora)
    change = account_of(cast, cast.cora)

    first.refresh_from_db()
    assert first.retired_at == MONDAY
    assert change.usable_from == MONDAY + timedelta(hours=48)


def test_new_details_replace_those_that_wait(monday: None, cast: Cast) -> None:
    old, new = entered(cast.cora, cast.cora), entered(cast.cora, cast.cora, "66374959")

    old.refresh_from_db()
    assert old.retired_at == MONDAY
    with pytest.raises(IllegalMove):
        verify(actor=cast.farah, details_id=old.pk, note="Rang her.")
    assert verify(actor=cast.farah, details_id=new.pk, note="Rang her.").verified_by == cast.farah


def test_details_are_verified_once(monday: None, cast: Cast) -> None:
    found = account_of(cast, cast.cora)

    with pytest.raises(IllegalMove):
        verify(actor=cast.farah, details_id=found.pk, note="Rang her again.")
    assert Event.objects.filter(action="bank_details:verified").count() == 1


def test_neither_the_person_nor_who_entered_verifies(monday: None, cast: Cast) -> None:
    both = [RoleKind.PREPARER, RoleKind.APPROVER]
    petra = colleague(cast, "Petra Preparer", both)
    by_petra, own = entered(petra, cast.cora), entered(petra, petra)

    with pytest.raises(NotPermitted, match="details you entered"):
        verify(actor=petra, details_id=by_petra.pk, note="Rang her.")
    with pytest.raises(NotPermitted, match="your own bank details"):
        verify(actor=petra, details_id=own.pk, note="Rang myself.")
    assert not BankDetails.objects.filter(verified_at__isnull=False).exists()


@pytest.mark.parametrize("name", ["anil", "ada", "abel", "otto", "lena"])
def test_only_the_person_and_finance_touch_details(monday: None, cast: Cast, name: str) -> None:
    somebody: Person = getattr(cast, name)
    with pytest.raises(NotPermitted):
        entered(somebody, cast.cora)
    waiting = entered(cast.cora, cast.cora)
    with pytest.raises(NotPermitted):
        verify(actor=somebody, details_id=waiting.pk, note="Rang her.")
    if name != "ada":
        with pytest.raises(NotPermitted):
            reveal(actor=somebody, details_id=waiting.pk)


def test_who_looks_is_recorded_and_finance_looks_only_while_verifying(monday: None, cast: Cast) -> None:
    waiting = entered(cast.cora, cast.cora)
    assert reveal(actor=cast.farah, details_id=waiting.pk).account_number == "66374958"
    verify(actor=cast.farah, details_id=waiting.pk, note="Rang her.")

    with pytest.raises(NotPermitted, match="last two figures"):
        reveal(actor=cast.farah, details_id=waiting.pk)
    assert reveal(actor=cast.cora, details_id=waiting.pk).sort_code == "089999"
    assert reveal(actor=cast.ada, details_id=waiting.pk).sort_code == "089999"
    looks = Event.objects.filter(action="bank_details:seen").order_by("pk")
    assert [(look.actor_id, look.about_id) for look in looks] == [
        (cast.farah.pk, cast.cora.pk),
        (cast.cora.pk, cast.cora.pk),
        (cast.ada.pk, cast.cora.pk),
    ]


@pytest.mark.parametrize("field", ["account_name", "sort_code", "account_number", "roll_number"])
def test_a_value_moved_to_another_row_or_person_does_not_open(monday: None, cast: Cast, field: str) -> None:
    hers, his = entered(cast.cora, cast.cora), entered(cast.dev, cast.dev)
    setattr(his, field, getattr(hers, field))
    with pytest.raises(CannotOpen):
        open_details(his)

    his.refresh_from_db()
    assert open_details(his).sort_code == "089999"
    his.person = cast.cora
    with pytest.raises(CannotOpen):
        open_details(his)


@pytest.mark.parametrize(
    ("sort_code", "number", "kept"),
    [
        ("08-99-99", "66374958", ("089999", "66374958")),
        ("08 99 99", "374958", ("089999", "00374958")),
        ("089999", "6637 495", ("089999", "06637495")),
    ],
)
def test_numbers_are_kept_as_figures_filled_to_eight(
    sort_code: str, number: str, kept: tuple[str, str]
) -> None:
    found = read_details("C Contributor", sort_code, number, "")
    assert (found.sort_code, found.account_number) == kept


@pytest.mark.parametrize(
    ("name", "sort_code", "number", "roll", "message"),
    [
        (" ", "089999", "66374958", "", "Enter the name on the account"),
        ("张伟", "089999", "66374958", "", "in the letters A to Z"),
        ("C", "", "66374958", "", "Enter a sort code"),
        ("C", "08999", "66374958", "", "Enter a valid sort code like 309430"),
        ("C", "08999٩", "66374958", "", "Enter a valid sort code like 309430"),
        ("C", "089999", "", "", "Enter an account number"),
        ("C", "089999", "6637495X", "", "Enter a valid account number like 00733445"),
        ("C", "089999", "66374", "", "Account number must be between 6 and 8 digits"),
        ("C", "089999", "663749581", "", "Account number must be between 6 and 8 digits"),
        ("C", "089999", "66374958", "A" * 19, "between 1 and 18 characters"),
        ("C", "089999", "66374958", "A_1", "between 1 and 18 characters"),
    ],
)
def test_what_cannot_be_an_account_is_refused_in_words(
    name: str, sort_code: str, number: str, roll: str, message: str
) -> None:
    with pytest.raises(BankDetailsError, match=message):
        read_details(name, sort_code, number, roll)


def test_a_note_is_no_place_for_an_account_number(monday: None, cast: Cast) -> None:
    waiting = entered(cast.cora, cast.cora)
    with pytest.raises(BankDetailsError, match="out of the note"):
        verify(actor=cast.farah, details_id=waiting.pk, note="She read out 6637 4958.")
    with pytest.raises(BankDetailsError, match="Say how"):
        verify(actor=cast.farah, details_id=waiting.pk, note=" ")


def test_bank_numbers_show_nowhere(
    monday: None, cast: Cast, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = reveal(actor=cast.cora, details_id=entered(cast.cora, cast.cora).pk)
    assert "66374958" not in repr(plain) + str(plain)
    assert "66374958" not in caplog.text + capsys.readouterr().out


def test_the_cooling_off_ends_to_the_second(monday: None, cast: Cast) -> None:
    account_of(cast, cast.cora)
    with set_now(MONDAY + timedelta(hours=1)):
        change = account_of(cast, cast.cora)
    assert change.usable_from == MONDAY + timedelta(hours=1) + details.COOLING_OFF
