"""Runs, payments and remittances, scoped by who asks. A stranger's record does not exist."""

from django.db.models import Q, QuerySet

from common.errors import NotVisible
from payments.models import BankAccount, BankDetails, Payment, PaymentRun, Remittance
from payments.workflow import PaymentStatus
from people.models import FINANCE, Organisation, Person, RoleKind
from people.permissions import organisations_with

READERS = [*FINANCE, RoleKind.AUDITOR]


def runs_visible_to(person: Person) -> QuerySet[PaymentRun]:
    """The runs of organisations where the person is finance or the auditor."""
    mine = organisations_with(person, READERS)
    return PaymentRun.objects.filter(organisation__in=mine).select_related("organisation", "bank_account")


def payments_visible_to(person: Person) -> QuerySet[Payment]:
    """A contributor's own payments that are sent or about to be; to finance and auditor, all of theirs."""
    own = Q(person=person) & ~Q(status=PaymentStatus.TAKEN_OUT)
    theirs = Q(organisation__in=organisations_with(person, READERS))
    return Payment.objects.filter(own | theirs).select_related("organisation", "run", "person", "details")


def remittances_visible_to(person: Person) -> QuerySet[Remittance]:
    """A contributor's own remittance advices; to finance and auditor, all of their organisations'."""
    theirs = Q(run__organisation__in=organisations_with(person, READERS))
    found = Remittance.objects.filter(Q(person=person) | theirs)
    return found.select_related("run__organisation", "person")


def bank_accounts_visible_to(person: Person) -> QuerySet[BankAccount]:
    """The accounts of organisations where the person is finance or the auditor."""
    mine = organisations_with(person, READERS)
    return BankAccount.objects.filter(organisation__in=mine).select_related("organisation")


def waiting_details(organisation: Organisation) -> QuerySet[BankDetails]:
    """Bank details of the organisation's people that wait to be verified, longest waiting first."""
    waiting = BankDetails.objects.filter(verified_at__isnull=True, retired_at__isnull=True)
    theirs = Q(person__roles__organisation=organisation) | Q(person__claims__organisation=organisation)
    found = waiting.filter(pk__in=BankDetails.objects.filter(theirs).values("pk"))
    return found.select_related("person", "entered_by").order_by("entered_at")


def run_for(person: Person, pk: int) -> PaymentRun:
    """One run, if this person may see it. Raises NotVisible."""
    found = runs_visible_to(person).filter(pk=pk).first()
    if found is None:
        raise NotVisible("There is no such payment run.")
    return found


def payment_for(person: Person, pk: int) -> Payment:
    """One payment, if this person may see it. Raises NotVisible."""
    found = payments_visible_to(person).filter(pk=pk).first()
    if found is None:
        raise NotVisible("There is no such payment.")
    return found


def remittance_for(person: Person, pk: int) -> Remittance:
    """One remittance advice, if this person may see it. Raises NotVisible."""
    found = remittances_visible_to(person).filter(pk=pk).first()
    if found is None:
        raise NotVisible("There is no such remittance advice.")
    return found
