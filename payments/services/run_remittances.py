"""Everybody's remittance advice of one run in files for the printer, and the record of who opened them."""

from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet

from audit.actions import Action
from audit.services import Told, record, record_all
from common.errors import NotVisible
from payments import permissions
from payments.formats.print_pack import print_pack
from payments.models import PaymentRun, Remittance
from payments.remittances import remittances, size_for
from people.models import LARGE_PRINT, Channel, Person
from people.permissions import require

PART = 100  # advices in one file: what one person puts into envelopes, and what a page waits for


class Which(StrEnum):
    """For whom: those who wish for paper, or everybody in the run."""

    PAPER = "paper"
    ALL = "all"


def advices(run: PaymentRun, which: Which) -> QuerySet[Remittance]:
    """The advices of a run, in the order of their numbers.

    For paper, those of people who hear from us by post, and of people who read large print. Only the first
    have an address on them: to the others the letter is handed, as they did not ask for post.
    """
    rows = Remittance.objects.filter(run=run).select_related("person").order_by("pk")
    if which is Which.PAPER:
        rows = rows.filter(Q(person__channel=Channel.POST) | Q(person__paper_format__in=LARGE_PRINT))
    return rows


def open_advices(*, actor: Person, run: PaymentRun, which: Which, part: int) -> bytes:
    """One part of them as PDF, each person's on fresh sheets, in the size of print they read best.

    Not a step: each look is one event for each person, so that they can see who looked, and one for the run.
    The pages are drawn before the transaction begins. Raises NotPermitted, and NotVisible for an empty part.
    """
    require(permissions.may_open_remittances(actor, run))
    rows = list(advices(run, which)[(part - 1) * PART : part * PART])
    if not rows:
        raise NotVisible("There are no such remittance advices.")
    written = remittances(run, [row.person for row in rows])
    content = print_pack([(each, size_for(row.person)) for each, row in zip(written, rows, strict=True)])
    with transaction.atomic():
        record_all(
            actor=actor,
            action=Action.REMITTANCE_SEEN,
            told=[Told(row, row.person, {"number": row.number}) for row in rows],
            organisation_id=run.organisation_id,
        )
        record(
            actor=actor,
            action=Action.RUN_REMITTANCES_OPENED,
            subject=run,
            organisation_id=run.organisation_id,
            run=run.number,
            count=len(rows),
            which=str(which),
        )
    return content
