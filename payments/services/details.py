"""Enter, verify, refuse and see bank details. Two persons before first use; a change rests for two days."""

import re
from datetime import date, timedelta

from django.db import models, transaction

from audit.actions import Action
from audit.services import record, step
from common.dates import london_day, now, today
from common.errors import DomainError, IllegalMove
from common.text import bank_text, tidy
from payments import permissions
from payments.models import Acting, BankDetails, Refusal
from payments.secrets import Plain, fingerprint, new_key, open_details, seal
from payments.services import telling
from payments.when import moment_words
from people.models import Person
from people.permissions import require
from people.services.former import warn_former
from people.services.warnings import Warn

COOLING_OFF = timedelta(hours=48)  # NHS counter-fraud advice on changes of bank details
NOTE_LENGTH = 300
_ROLL = re.compile(r"[A-Za-z0-9\-/. ]{1,18}", re.ASCII)


class CheckedBy(models.TextChoices):
    """How somebody checked bank details with the person: always by a way that was known before."""

    CALL = "call", "I rang them, on a number that we had before"
    MEETING = "meeting", "I met them, or saw them in a video call"
    LETTER = "letter", "They answered a letter, sent to an address that we had before"


class BankDetailsError(DomainError):
    """What was typed cannot be a bank account; the message says what to type instead."""


@step(returns=BankDetails)
def enter(
    *,
    actor: Person,
    person: Person,
    account_name: str,
    sort_code: str,
    account_number: str,
    roll_number: str = "",
    acting: str = "",
    papers: str = "",
    key: str = "",
) -> BankDetails:
    """Enter somebody's bank details. They wait until another person has verified them.

    Whatever waited before is retired; an account in use stays in use until the new one is verified. The
    account of somebody who acts for the person (`acting`) is entered by finance, who say which `papers` they
    saw.
    """
    plain = read_details(account_name, sort_code, account_number, roll_number)
    seen = _papers(papers) if acting else ""
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    require(permissions.may_enter_details(actor, person))
    if acting and actor == person:
        raise BankDetailsError("Somebody in finance enters an account that is not your own.")
    for waiting in person.bank_details.filter(verified_at__isnull=True, retired_at__isnull=True):
        waiting.retired_at = now()
        waiting.save(update_fields=["retired_at"])
    row = new_key()
    details = BankDetails.objects.create(
        pk=row,
        person=person,
        fingerprint=fingerprint(plain),
        last_digits=plain.last_digits,
        acting=Acting(acting) if acting else "",
        entered_by=actor,
        **seal(plain, row=row, person=person.pk),
    )
    record(
        actor=actor,
        action=Action.BANK_DETAILS_ENTERED,
        subject=details,
        about=person,
        last_digits=details.last_digits,
        shared_with=len(sharers(details)),
        acting=details.acting,
        papers=seen,
    )
    telling.details_entered(details)
    warn_former(person, Warn.NEW_BANK_DETAILS)
    return details


@step(returns=BankDetails)
def verify(
    *,
    actor: Person,
    details_id: int,
    note: str,
    how: CheckedBy = CheckedBy.CALL,
    on: date | None = None,
    papers: str = "",
    key: str = "",
) -> BankDetails:
    """Say that bank details were checked with the person: how, on which day, and what was said (`note`).

    For the account of somebody who acts for them, also which `papers` this second person saw.

    First details can be used at once; a change can be used two days later, when a warning to the
    person has had time to arrive. The account used before is retired. The note holds no figures.
    """
    details = _locked(details_id)
    require(permissions.may_verify_details(actor, details))
    _refuse_settled(details)
    checked_on = _day_of_check(details, on or today())
    seen = _papers(papers) if details.acting else ""
    is_change = details.person.bank_details.filter(verified_at__isnull=False).exists()
    for used in details.person.bank_details.filter(verified_at__isnull=False, retired_at__isnull=True):
        used.retired_at = now()
        used.save(update_fields=["retired_at"])
    details.verified_by = actor
    details.verified_at = now()
    details.usable_from = now() + COOLING_OFF if is_change else now()
    details.save(update_fields=["verified_by", "verified_at", "usable_from"])
    record(
        actor=actor,
        action=Action.BANK_DETAILS_VERIFIED,
        subject=details,
        about=details.person,
        last_digits=details.last_digits,
        note=_note(note),
        how=CheckedBy(how),
        on=checked_on.isoformat(),
        acting=details.acting,
        papers=seen,
    )
    return details


@step(returns=BankDetails)
def refuse(*, actor: Person, details_id: int, reason: Refusal, note: str = "", key: str = "") -> BankDetails:
    """Say that bank details are wrong or could not be checked. They are retired; the person is told.

    The account used before stays in use. The person reads the `reason`; the `note`, without figures, is for
    colleagues.
    """
    details = _locked(details_id)
    require(permissions.may_verify_details(actor, details))
    _refuse_settled(details)
    details.refused_by, details.refusal = actor, Refusal(reason)
    details.retired_at = now()
    details.save(update_fields=["refused_by", "refusal", "retired_at"])
    record(
        actor=actor,
        action=Action.BANK_DETAILS_REFUSED,
        subject=details,
        about=details.person,
        last_digits=details.last_digits,
        reason=str(details.get_refusal_display()),
        note=_note(note) if note.strip() else "",
    )
    telling.details_refused(details)
    return details


@transaction.atomic
def reveal(*, actor: Person, details_id: int) -> Plain:
    """Bank details in the clear, for those who may see them. Each look is recorded."""
    details = BankDetails.objects.select_related("person").get(pk=details_id)
    require(permissions.may_see_details(actor, details))
    record(actor=actor, action=Action.BANK_DETAILS_SEEN, subject=details, about=details.person)
    return open_details(details)


def sharers(details: BankDetails) -> list[Person]:
    """Other people whose account this is too: not refused (joint accounts exist), but shown to finance."""
    same = BankDetails.objects.filter(fingerprint=details.fingerprint, retired_at__isnull=True)
    others = Person.objects.filter(bank_details__in=same).exclude(pk=details.person_id)
    return list(others.distinct())


def _locked(details_id: int) -> BankDetails:
    """The row with its person locked first, as everything that changes somebody's account does."""
    person_id = BankDetails.objects.values_list("person_id", flat=True).get(pk=details_id)
    Person.objects.select_for_update(no_key=True).get(pk=person_id)
    return BankDetails.objects.select_for_update().get(pk=details_id)


def _refuse_settled(details: BankDetails) -> None:
    """Raise IllegalMove, with who and when, for details that do not wait any more."""
    if details.verified_by is not None:
        what, at = f"{details.verified_by} verified these bank details", details.verified_at
    elif details.refused_by is not None:
        what, at = f"{details.refused_by} refused these bank details", details.retired_at
    else:
        what, at = "These bank details were replaced by newer ones", details.retired_at
    if at is not None:
        raise IllegalMove(f"{what} at {moment_words(at)}.")


def _day_of_check(details: BankDetails, on: date) -> date:
    """A check made before the details came, or in time to come, checked nothing. Raises BankDetailsError."""
    entered = london_day(details.entered_at)
    if on < entered:
        raise BankDetailsError(
            f"Check the account after it was entered: on {entered.day} {entered:%B %Y} or later."
        )
    if on > today():
        raise BankDetailsError("The day you checked the account must be today or in the past.")
    return on


def read_details(account_name: str, sort_code: str, account_number: str, roll_number: str) -> Plain:
    """Bank details as they are kept: figures only, account numbers filled to 8. Raises BankDetailsError."""
    name, roll = tidy(account_name), tidy(roll_number)
    if not name:
        raise BankDetailsError("Enter the name on the account")
    if not bank_text(name, 35).lstrip(".&/- ") or len(name) > 100:
        raise BankDetailsError("Enter the name on the account as the bank writes it, in the letters A to Z")
    code = _figures(sort_code)
    if not code:
        raise BankDetailsError("Enter a sort code")
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        raise BankDetailsError("Enter a valid sort code like 309430")
    number = _account_number(account_number)
    if roll and not (_ROLL.fullmatch(roll) and roll[0].isalnum()):
        raise BankDetailsError(
            "Building society roll number must be between 1 and 18 characters and must only include "
            "letters a to z, numbers, hyphens, spaces, forward slashes and full stops"
        )
    return Plain(account_name=name, sort_code=code, account_number=number, roll_number=roll)


def _account_number(typed: str) -> str:
    number = _figures(typed)
    if not number:
        raise BankDetailsError("Enter an account number")
    if not (number.isascii() and number.isdigit()):
        raise BankDetailsError("Enter a valid account number like 00733445")
    if not 6 <= len(number) <= 8:
        raise BankDetailsError("Account number must be between 6 and 8 digits")
    return number.rjust(8, "0")


def _figures(typed: str) -> str:
    """What was typed without the spaces and hyphens people put between figures."""
    return re.sub(r"[\s\-\u2010-\u2013]", "", typed)


def _note(note: str) -> str:
    """How it was checked."""
    return _words(note, "Say how you checked the account with the person, in a sentence.")


def _papers(papers: str) -> str:
    """What shows that somebody may act for the person: the kind of paper, its day, who saw it."""
    return _words(papers, "Say which papers you saw, and what day they are from.")


def _words(typed: str, missing: str) -> str:
    """A note with a row of figures is refused: notes are no place for an account. Raises BankDetailsError."""
    text = tidy(typed)
    if re.search(r"[0-9]{6}", _figures(text)):
        raise BankDetailsError("Leave account and telephone numbers out of the note.")
    if not text or len(text) > NOTE_LENGTH:
        raise BankDetailsError(missing)
    return text
