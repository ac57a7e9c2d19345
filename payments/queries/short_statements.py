"""Bank accounts whose statements do not reach the end of a month, and whether somebody said why."""

import hashlib
from collections.abc import Iterable

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from common.dates import last_day
from ledger.models import AccountMonth
from payments.models import BankAccount, Explainable, MonthNote, PaymentRun
from payments.workflow import RunStatus
from people.models import Organisation


def short_accounts(organisation: Organisation, month: int) -> QuerySet[BankAccount]:
    """Accounts in use without statements up to the last day. One that never moved needs none."""
    moved = AccountMonth.objects.filter(
        account__organisation=OuterRef("organisation"),
        account__code=Concat(Value("bank:"), OuterRef("name")),
        month__lte=month,
    )
    sent = PaymentRun.objects.filter(bank_account=OuterRef("pk"), status=RunStatus.SENT)
    accounts = BankAccount.objects.filter(organisation=organisation).annotate(
        until=Max("statements__last_day")
    )
    never = Q(until__isnull=True) & (Exists(moved) | Exists(sent))
    return accounts.filter(never | Q(until__lt=last_day(month))).order_by("pk")


def is_explained(organisation: Organisation, month: int) -> bool:
    """Did somebody say why exactly these accounts have no statement up to the end of the month?"""
    about = digest(short_accounts(organisation, month).values_list("pk", flat=True))
    notes = MonthNote.objects.filter(organisation=organisation, month=month, item=Explainable.STATEMENTS)
    return notes.filter(about=about).exists()


def digest(keys: Iterable[int]) -> str:
    """Stands for exactly these rows."""
    return hashlib.sha256(",".join(map(str, keys)).encode()).hexdigest()
