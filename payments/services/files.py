"""The file for whoever carries a run out: made once, sealed, and read by another reader before each use."""

import hashlib
from collections.abc import Sequence

from django.db.models import Sum

from claims.ways import named_by
from common.encryption import CannotOpen
from common.errors import DomainError
from common.money import money_text
from payments.formats import bank_csv, pay_list
from payments.formats.bank_csv import Payee
from payments.formats.pay_list import Pay
from payments.models import Payment, PaymentItem, PaymentRun, RunFile
from payments.secrets import open_details, open_file, seal_file
from payments.workflow import Method, PaymentStatus

# What a file says, in the form of whoever carries the run out; two of one form can be compared.
Said = bank_csv.RunFile | pay_list.PayList


class RunDoesNotAgree(DomainError):
    """The stored file, the payments and the totals of a run are not the same. Nothing may be sent."""


def make_file(run: PaymentRun) -> RunFile:
    """Write the file of the run's payments as its current version, and keep it with its hash."""
    content = _written(_said(run))
    return RunFile.objects.create(
        run=run,
        version=run.version,
        content=seal_file(content, run=run, version=run.version),
        sha256=hashlib.sha256(content).hexdigest(),
        total=run.total,
        count=run.count,
    )


def current_file(run: PaymentRun) -> RunFile:
    """The file of the run as it stands now."""
    return run.files.get(version=run.version)


def checked_bytes(run: PaymentRun) -> bytes:
    """The run's bytes, after a second reader found in them exactly the payments of the run.

    Raises RunDoesNotAgree, BankFileError or PayListError, which say what differs.
    """
    file = current_file(run)
    try:
        content = open_file(file)
    except CannotOpen as error:
        raise RunDoesNotAgree("The stored file was altered or is damaged. Void this run.") from error
    if read_file(run, content, file) != _said(run):
        raise RunDoesNotAgree("The file does not pay what the payments of this run say. Void it.")
    paid = PaymentItem.objects.filter(payment__run=run).exclude(payment__status=PaymentStatus.TAKEN_OUT)
    items = paid.aggregate(total=Sum("amount"))
    if items["total"] != run.total:
        raise RunDoesNotAgree(
            f"The run pays {money_text(run.total, run.currency)} and its claim lines come to "
            f"{money_text(items['total'] or 0, run.currency)}. Void it."
        )
    return content


def live_payments(run: PaymentRun) -> Sequence[Payment]:
    """The payments that are in the run's file, in its order."""
    payments = run.payments.exclude(status=PaymentStatus.TAKEN_OUT)
    named = ("details",) if run.method == Method.BANK else ("person", "instruction")
    return list(payments.select_related(*named).order_by("pk"))


def read_file(run: PaymentRun, content: bytes, file: RunFile) -> Said:
    """What opened bytes say, once they are those signed. Raises BankFileError or PayListError."""
    check = bank_csv.check_file if run.method == Method.BANK else pay_list.check_pays
    return check(content, count=run.count, total=run.total, sha256=file.sha256)


def _said(run: PaymentRun) -> Said:
    """What the file has to say, from the payments of the run."""
    payments = live_payments(run)
    if run.method != Method.BANK:
        return pay_list.prepare_pays(run.pay_on, [_pay(payment) for payment in payments])
    return bank_csv.prepare_run(run.pay_on, [_payee(payment) for payment in payments])


def _written(said: Said) -> bytes:
    if isinstance(said, pay_list.PayList):
        return pay_list.write_pays(said)
    return bank_csv.write_run(said)


def _payee(payment: Payment) -> Payee:
    if payment.details is None:
        raise RunDoesNotAgree(f"Payment {payment} has no account to go to. Void this run.")
    plain = open_details(payment.details)
    return Payee(
        name=plain.account_name,
        sort_code=plain.sort_code,
        account_number=plain.account_number,
        amount=payment.amount,
        reference=payment.reference,
        roll_number=plain.roll_number,
    )


def _pay(payment: Payment) -> Pay:
    person = payment.person
    to = named_by(payment.instruction) if payment.instruction else ""
    return Pay(person.number, person.name, payment.reference, payment.amount, to)
