"""Two months of claims, payments and bank statements."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from audit.services import seal
from claims.models import Activity, Answer, CancelledBy, ClaimLine, Offer, Outcome
from claims.services.activities import add_activity, cancel_activity
from claims.services.deciding import decide
from claims.services.importing import import_claims
from claims.services.offers import answer_offer, make_offer
from claims.workflow import LineStatus
from common.dates import today
from demo import bank, by_hand
from demo.cast import FIXTURES, Cast
from demo.clock import at, london
from payments.models import BankAccount, MatchKind, Payment, PaymentRun
from payments.queries import unmatched_lines
from payments.queries.bank_months import month_page_of
from payments.services import reconciling, runs
from payments.services.auto_matching import match_statement
from payments.services.concerns.arriving import say_not_arrived
from payments.services.months import close_month
from payments.services.reconciliations import check_reconciliation, prepare_reconciliation
from payments.services.statements import import_statement
from payments.workflow import PaymentStatus

COSTS_MET = "Fares, mileage, parking, care and a meal when you are away for more than five hours."


def play(cast: Cast, account: BankAccount, balance: int) -> Iterator[str]:
    """From the first offers to a run that waits for its second signature."""
    _a_meeting_with_an_answer(cast)
    _a_cancelled_meeting(cast)
    yield "Two activities, six offers; one meeting cancelled the evening before."
    activity = by_hand.invite(cast)
    by_hand.claim(cast, activity)
    handed = by_hand.send(cast)
    balance = by_hand.fetch_cash(cast, account, balance)
    by_hand.give(cast, handed)
    balance = by_hand.october_statement(cast, account, balance)
    yield (
        "A third activity: eleven people say before it how they want to be paid. "
        f"Runs {handed[0].number} to {handed[-1].number} are handed over, and the bank shows what they cost."
    )
    with at("2026-10-26 11:00"):
        _take_in(cast, "october.csv", "PROJ-A")
    with at("2026-10-27 15:00"):
        _decide_all(cast)
    with at("2026-10-29 10:00"):
        first = _prepare(cast, account, date(2026, 11, 2))
    _sign_and_send(cast, first, "2026-10-30 14:00")
    yield f"October: claims typed in and decided, run {first.number} of {first.count} payments sent."
    balance = _october_statement(cast, account, first, balance)
    yield "October's run matched with the bank; one payment came back and is owed again."
    _sign_and_close(cast, account)
    yield "September and October reconciled, signed by two persons and closed."
    with at("2026-11-12 11:00"):
        _take_in(cast, "november.csv", "PROJ-B")
    with at("2026-11-13 15:00"):
        _decide_all(cast)
    with at("2026-11-13 16:00"):
        second = _prepare(cast, account, date(2026, 11, 18))
    _sign_and_send(cast, second, "2026-11-16 11:00")
    by_hand.a_cheque_goes_stale(cast)
    _november_statement(cast, account, second, balance)
    _one_does_not_arrive(second)
    yield (
        f"Run {second.number} of {second.count} payments sent; the bank has confirmed two of them, and one "
        "person says that theirs did not arrive."
    )
    _the_last_days(cast)
    with at("2026-11-20 16:00"):
        third = _prepare(cast, account, date(2026, 11, 26))
        seal()
    yield f"Run {third.number} of {third.count} payments waits for its second signature."


def _activity(cast: Cast, title: str, starts: str, hours: int) -> Activity:
    return add_activity(
        actor=cast["lena"],
        project=cast.projects["PROJ-A"],
        title=title,
        purpose="Say what helped and what did not when you came home from hospital.",
        starts_at=london(starts),
        ends_at=london(starts) + timedelta(hours=hours),
        place="Meeting room 2, Riverbend Library, 4 Mill Lane",
        access="Step-free, hearing loop, quiet room next door.",
        costs_met=COSTS_MET,
        time_kind="session",
        time_hours=Decimal(hours),
        link_person=cast["lena"],
    )


def _offers(cast: Cast, activity: Activity, answers: dict[str, Answer]) -> list[Offer]:
    offers = [
        make_offer(actor=cast["lena"], activity=activity, contributor=cast[handle]) for handle in answers
    ]
    for offer, answer in zip(offers, answers.values(), strict=True):
        if answer != Answer.UNANSWERED:
            answer_offer(actor=offer.contributor, offer_id=offer.pk, answer=answer)
    return offers


def _a_meeting_with_an_answer(cast: Cast) -> None:
    """A meeting still to come: one offer taken, one not, one that waits for a talk."""
    with at("2026-11-02 09:30"):
        activity = _activity(cast, "Leaving the ward: what you need to know", "2026-12-03 10:00", 3)
        _offers(
            cast,
            activity,
            {"gwen": Answer.ACCEPTED, "erin": Answer.DECLINED, "kim": Answer.TALK},
        )


def _a_cancelled_meeting(cast: Cast) -> None:
    """Called off fourteen hours before: the fee is due, and costs can be added."""
    with at("2026-10-05 09:30"):
        activity = _activity(cast, "First night at home", "2026-10-22 10:30", 3)
        _offers(cast, activity, dict.fromkeys(("amira", "farid", "idris"), Answer.ACCEPTED))
    with at("2026-10-21 20:35"):
        cancel_activity(
            actor=cast["lena"],
            activity_id=activity.pk,
            cancelled_by=CancelledBy.ORGANISATION,
            told_at=london("2026-10-21 20:30"),
        )


def _take_in(cast: Cast, file: str, project: str, declarations: str = "") -> None:
    import_claims(
        actor=cast["lena"],
        organisation=cast.home,
        project=cast.projects[project],
        text=_fixture(file),
        declarations=_fixture(declarations) if declarations else "",
    )


def _fixture(file: str) -> str:
    return (FIXTURES / file).read_text(encoding="utf-8")


def _decide_all(
    cast: Cast, outcomes: dict[tuple[str, str], tuple[Outcome, int | None, str]] | None = None
) -> None:
    """Anil decides every line that waits, as the policy prices it, but for those named."""
    special = outcomes or {}
    waiting = ClaimLine.objects.filter(status=LineStatus.OPEN).select_related("claim")
    for line in waiting.order_by("claim_id", "position"):
        outcome, allowed, reason = special.get(
            (line.claim.handle or "", str(line.position)), (Outcome.APPROVE, None, "")
        )
        decide(actor=cast["anil"], line_id=line.pk, outcome=outcome, allowed=allowed, reason=reason)


def _prepare(cast: Cast, account: BankAccount, pay_on: date) -> PaymentRun:
    return runs.prepare(actor=cast["fern"], organisation=cast.home, bank_account=account, pay_on=pay_on)


def _sign_and_send(cast: Cast, run: PaymentRun, when: str) -> None:
    with at(when):
        file = run.files.get(version=run.version)
        runs.authorise(actor=cast["farah"], run_id=run.pk, sha256=file.sha256)
        runs.release(actor=cast["fern"], run_id=run.pk)
        seal()
    run.refresh_from_db()


def _october_statement(cast: Cast, account: BankAccount, run: PaymentRun, balance: int) -> int:
    """The run as one debit; one payment comes back; a charge, interest and something unknown."""
    back = run.payments.filter(person=cast["gwen"]).order_by("counts_as").first()
    if back is None:
        raise RuntimeError("Gwen has no payment in the first run")
    lines = [
        bank.Line(date(2026, 11, 2), "BACS RIVERBEND", f"RUN {run.number}", -run.total),
        bank.Line(date(2026, 11, 3), "ACCOUNT CHARGE", "OCT", -650),
        bank.Line(date(2026, 11, 4), "RETURNED NO ACCOUNT", back.reference, back.amount),
        bank.Line(date(2026, 11, 5), "INTEREST", "GROSS", 214),
        bank.Line(date(2026, 11, 5), "CREDIT", "M SMITHERS", 2_000),
    ]
    with at("2026-11-06 09:30"):
        found = import_statement(
            actor=cast["fern"], bank_account=account, content=bank.statement(balance, lines)
        )
        match_statement(actor=cast["fern"], statement=found)
        _explain(cast, account, back)
        seal()
    return balance + sum(line.amount for line in lines)


def _explain(cast: Cast, account: BankAccount, back: Payment) -> None:
    """What the machine left for a person."""
    kinds = {
        "ACCOUNT CHARGE": (MatchKind.CHARGE, "Monthly charge"),
        "INTEREST": (MatchKind.INTEREST, "Monthly interest"),
        "CREDIT": (MatchKind.SUSPENSE, "Asked the bank who this is from"),
    }
    for line in list(unmatched_lines(account, today())):
        if line.reference == back.reference:
            reconciling.returned(actor=cast["farah"], line_id=line.pk, payment_id=back.pk)
        elif line.description in kinds:
            kind, note = kinds[line.description]
            reconciling.explain(actor=cast["fern"], line_id=line.pk, kind=kind, note=note)


def _november_statement(cast: Cast, account: BankAccount, run: PaymentRun, balance: int) -> None:
    """Two payments of the second run seen one by one, the others on their way; vouchers were paid for."""
    with at("2026-11-12 12:00"):
        by_hand.buy(cast, expires_on=date(2027, 11, 30))
    payments = run.payments.order_by("pk")[:2]
    lines = [bank.Line(date(2026, 11, 17), "MILL LANE GIFT CARDS", "INV 3377", -by_hand.DOZEN)] + [
        bank.Line(date(2026, 11, 18), "FASTER PAYMENT", payment.reference, -payment.amount)
        for payment in payments
    ]
    with at("2026-11-19 09:30"):
        by_hand.take_in(cast, account, balance, lines)


def _sign_and_close(cast: Cast, account: BankAccount) -> None:
    """The two months that are over: Fern prepares what Farah checks, and Farah closes them."""
    with at("2026-11-09 10:00"):
        for month in (202609, 202610):
            shown = month_page_of(account, month)
            prepared = prepare_reconciliation(
                actor=cast["fern"], bank_account=account, month=month, sha256=shown.sha256, note=""
            )
            check_reconciliation(actor=cast["farah"], reconciliation_id=prepared.pk, sha256=prepared.sha256)
            close_month(actor=cast["farah"], organisation=cast.home, month=month)
        seal()


def _one_does_not_arrive(run: PaymentRun) -> None:
    """Two days after the day, somebody presses “It did not arrive”."""
    with at("2026-11-20 08:45"):
        missing = run.payments.filter(status=PaymentStatus.SENT).earliest("pk")
        say_not_arrived(actor=missing.person, payment_id=missing.pk)


def _the_last_days(cast: Cast) -> None:
    """The worked cases come in on paper; most are decided, a few wait, one was asked about."""
    with at("2026-11-20 10:00"):
        _take_in(cast, "claims.csv", "PROJ-A", declarations="declarations.csv")
    with at("2026-11-20 14:00"):
        _decide_all(
            cast,
            {
                ("C3", "3"): (Outcome.ASK, None, "Was this for your support worker or for you?"),
                ("C5", "4"): (Outcome.REDUCE, 450, "The receipt shows a drink for somebody else."),
                ("C6", "3"): (Outcome.REFUSE, None, "The £5.00 for meeting online covers paper and ink."),
            },
        )
    by_hand.hari_again(cast)
    with at("2026-11-20 15:30"):
        _take_in(cast, "late_november.csv", "PROJ-B")
