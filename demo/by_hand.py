"""People paid as they chose: from the invitation to the bank's line, in every way but the bank's own run."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from audit.services import seal
from claims.models import Activity, Answer, CountsAs, Offer, Outcome, Way
from claims.services import claiming
from claims.services.activities import add_activity
from claims.services.deciding import decide
from claims.services.instructing import choose_way
from claims.services.offers import answer_offer, make_offer
from common.dates import today
from common.money import from_minor
from demo import bank
from demo.cast import Cast
from demo.clock import at, london
from payments.models import BankAccount, Ended, HandOver, MatchKind, Payment, PaymentRun
from payments.queries import unmatched_lines
from payments.services import handing, reconciling, runs, stock
from payments.services.auto_matching import match_statement
from payments.services.statements import import_statement
from payments.workflow import Method
from people.models import Person

HELD = "2026-10-12 10:00"
CHARITY, GROUP = "Friends of Riverbend Library", "Riverbend Carers Circle"
# What each says to £55.00 for two hours, before the meeting. Hari says how he is usually paid instead.
ANSWERS: dict[str, dict[str, Any]] = {
    "hari": {"answer": Answer.ACCEPTED},
    "carys": {"answer": Answer.ACCEPTED, "way": Way.CASH},
    "kim": {"answer": Answer.ACCEPTED, "way": Way.CHEQUE},
    "dev": {"answer": Answer.ACCEPTED, "way": Way.CHEQUE},
    "jo": {"answer": Answer.ACCEPTED, "way": Way.DONATION, "named": CHARITY, "wants_receipt": True},
    "ben": {"answer": Answer.ACCEPTED, "way": Way.LEARNING},
    "farid": {"answer": Answer.ACCEPTED, "way": Way.GROUP, "named": GROUP},
    "gwen": {"answer": Answer.LESS, "less_amount": 2_000},
    "erin": {"answer": Answer.DECLINED},
    "idris": {"answer": Answer.NOTHING},
    "amira": {"answer": Answer.TALK},
}
FARES = {"hari": 1_420, "carys": 460, "erin": 500}  # minor units
NOT_CLAIMING = ("idris",)
# The runs, in the order in which Fern prepares them; a bank run later pays who chose nothing else.
WAYS = (
    Method.VOUCHER,
    Method.CODE,
    Method.CASH,
    Method.CHEQUE,
    Method.DONATION,
    Method.LEARNING,
    Method.GROUP,
)
# What is written down beside each hand-over, by reference of the payment's person.
BESIDE: dict[tuple[Method, str], dict[str, str]] = {
    (Method.CASH, "carys"): {"serial": "Receipt 1"},
    (Method.CHEQUE, "kim"): {"serial": "100201"},
    (Method.CHEQUE, "dev"): {"serial": "100202"},
    (Method.DONATION, "jo"): {"serial": "AP-2210"},
    (Method.GROUP, "farid"): {"serial": "AP-2211"},
    (Method.CODE, "amira"): {"code": "RB-4471-0926"},
    (Method.CODE, "hari"): {"code": "RB-4471-3380"},
}
VOUCHER, HANDLING = 500, 110  # minor units: what one is worth, and what the supplier charges for a dozen
DOZEN = 12 * VOUCHER + HANDLING


def invite(cast: Cast) -> Activity:
    """Eleven are asked, and answer before the meeting; one wants to talk first, and answers after that."""
    with at("2026-10-01 09:30"):
        activity = _meeting(cast)
        offers = {
            name: make_offer(actor=cast["lena"], activity=activity, contributor=cast[name])
            for name in ANSWERS
        }
    with at("2026-10-02 14:00"):
        for kind, way in ((CountsAs.FEE, Way.VOUCHER), (CountsAs.EXPENSE, Way.CODE)):
            choose_way(actor=cast["hari"], person=cast["hari"], organisation=cast.home, kind=kind, way=way)
        for name, said in ANSWERS.items():
            _answer(cast, offers[name], said)
    with at("2026-10-07 11:15"):
        _answer(cast, offers["amira"], {"answer": Answer.ACCEPTED, "way": Way.CODE})
        seal()
    return activity


def _meeting(cast: Cast) -> Activity:
    return add_activity(
        actor=cast["lena"],
        project=cast.projects["PROJ-A"],
        title="Letters that help",
        purpose="Read the letters that people get when they leave hospital, and say what is hard in them.",
        starts_at=london(HELD),
        ends_at=london(HELD) + timedelta(hours=2),
        place="Meeting room 1, Riverbend Library, 4 Mill Lane",
        access="Step-free, hearing loop, quiet room next door.",
        costs_met="Fares, mileage, parking and care.",
        time_kind="session",
        time_hours=Decimal(2),
        link_person=cast["lena"],
    )


def _answer(cast: Cast, offer: Offer, said: dict[str, Any]) -> None:
    answer_offer(actor=_writes_for(cast, offer.contributor), offer_id=offer.pk, **said)


def _writes_for(cast: Cast, person: Person) -> Person:
    """Lena writes down what is read out to whoever has no e-mail address."""
    return person if person.email else cast["lena"]


def claim(cast: Cast, activity: Activity) -> None:
    """Everybody who was there claims two hours, and some a fare; Anil decides all of it."""
    with at("2026-10-12 16:00"):
        for name in ANSWERS:
            if name not in NOT_CLAIMING:
                _claim(cast, activity, name)
    with at("2026-10-14 10:00"):
        for made in activity.claims.order_by("pk"):
            for line in made.lines.order_by("position"):
                decide(actor=cast["anil"], line_id=line.pk, outcome=Outcome.APPROVE)


def _claim(cast: Cast, activity: Activity, name: str) -> None:
    person = cast[name]
    actor = _writes_for(cast, person)
    begun = claiming.start_claim(actor=actor, project=activity.project, contributor=person, activity=activity)
    both: dict[str, Any] = {"actor": actor, "claim_id": begun.pk, "on": london(HELD).date()}
    claiming.add_line(**both, kind="time", mode="session", quantity=Decimal(2), unit="hour")
    if name in FARES:
        spent = from_minor(FARES[name], cast.home.currency)
        claiming.add_line(**both, kind="fare", mode="bus", spent=spent, receipt=f"R-{name}-1012")
    claiming.submit(actor=actor, claim_id=begun.pk)


def send(cast: Cast) -> list[PaymentRun]:
    """Vouchers are bought; a run for each way is prepared, signed by another person, and sent."""
    with at("2026-10-15 10:00"):
        buy(cast, expires_on=date(2027, 10, 31))
        made = [prepare(cast, method) for method in WAYS]
    with at("2026-10-15 14:00"):
        for run in made:
            sign_and_send(cast, run)
    return made


def give(cast: Cast, made: Iterable[PaymentRun]) -> None:
    """Everything is handed over; then codes are collected, and the charity sends its receipt."""
    with at("2026-10-19 11:00"):
        for run in made:
            hand_over(cast, run)
        seal()
    with at("2026-10-22 16:00"):
        _arrived(cast, [Method.CODE, Method.DONATION])


def buy(cast: Cast, expires_on: date) -> None:
    """A dozen vouchers of £5.00. What the supplier charges for them is the organisation's cost."""
    stock.buy_vouchers(
        actor=cast["fern"],
        organisation=cast.home,
        supplier="Mill Lane Gift Cards",
        face_value=VOUCHER,
        count=12,
        charge=HANDLING,
        bought_on=today(),
        expires_on=expires_on,
    )


def prepare(cast: Cast, method: Method, days: int = 4) -> PaymentRun:
    """A run of one way."""
    return runs.prepare_list(
        actor=cast["fern"],
        organisation=cast.home,
        pay_on=today() + timedelta(days=days),
        method=method,
    )


def sign_and_send(cast: Cast, run: PaymentRun) -> None:
    """Farah signs what Fern prepared, and Fern sends it."""
    file = run.files.get(version=run.version)
    runs.authorise(actor=cast["farah"], run_id=run.pk, sha256=file.sha256)
    runs.release(actor=cast["fern"], run_id=run.pk)


def hand_over(cast: Cast, run: PaymentRun, **beside: str) -> None:
    """Fern hands over each payment of a run, with what has to be written down beside it."""
    names = {person.pk: name for name, person in cast.people.items()}
    for payment in run.payments.order_by("pk"):
        told = beside or BESIDE.get((Method(payment.method), names[payment.person_id]), {})
        handing.hand_over(actor=cast["fern"], payment_id=payment.pk, day=today(), **told)


def _arrived(cast: Cast, methods: Iterable[Method]) -> None:
    """Codes were collected, and the charity's receipt came."""
    for made in HandOver.objects.filter(payment__method__in=list(methods), ended="").order_by("pk"):
        handing.collected(actor=cast["fern"], hand_over_id=made.pk, day=today())


def fetch_cash(cast: Cast, account: BankAccount, balance: int) -> int:
    """Cash for the box, fetched before any of it is handed over. Returns the balance after it."""
    lines = [bank.Line(date(2026, 10, 15), "CASH WITHDRAWN", "MILL LANE", -10_000)]
    with at("2026-10-16 09:30"):
        take_in(cast, account, balance, lines)
    return balance + sum(line.amount for line in lines)


def october_statement(cast: Cast, account: BankAccount, balance: int) -> int:
    """What the bank shows of the rest, each line explained. Returns the balance after it, in minor units."""
    paid = {method: _total(method) for method in (Method.CODE, Method.DONATION, Method.GROUP)}
    lines = [
        bank.Line(date(2026, 10, 19), "MILL LANE GIFT CARDS", "INV 3301", -DOZEN),
        bank.Line(date(2026, 10, 20), "CHARITY TRANSFER", "AP-2210", -paid[Method.DONATION]),
        bank.Line(date(2026, 10, 20), "GROUP TRANSFER", "AP-2211", -paid[Method.GROUP]),
        bank.Line(date(2026, 10, 21), "CASH-OUT CODES", "WEEK 43", -paid[Method.CODE]),
        bank.Line(date(2026, 10, 22), "CHEQUE", "100201", -5_500),
    ]
    with at("2026-10-23 09:30"):
        take_in(cast, account, balance, lines)
        seal()
    return balance + sum(line.amount for line in lines)


def _total(method: Method) -> int:
    """What went by this way, in minor units."""
    return sum(Payment.objects.filter(method=method).values_list("amount", flat=True))


# What a line of the bank's statement is, by its description, and what Fern notes beside it.
KINDS = {
    "CASH WITHDRAWN": (MatchKind.CASH, "For the cash box"),
    "MILL LANE GIFT CARDS": (MatchKind.SUPPLIER, "A dozen vouchers of £5.00, and £1.10 for handling"),
    "CHARITY TRANSFER": (MatchKind.DONATION, "Donation, as the signed list says"),
    "GROUP TRANSFER": (MatchKind.GROUP, "Paid to a group, as the signed list says"),
    "CASH-OUT CODES": (MatchKind.CODE, "Codes collected in week 43"),
    "CHEQUE": (MatchKind.CHEQUE, "Cashed"),
}


def take_in(cast: Cast, account: BankAccount, balance: int, lines: list[bank.Line]) -> None:
    """Import a statement; the machine matches what it can, and Fern explains what was paid by hand."""
    content = bank.statement(balance, lines)
    found = import_statement(actor=cast["fern"], bank_account=account, content=content)
    match_statement(actor=cast["fern"], statement=found)
    for line in list(unmatched_lines(account, today())):
        if line.description in KINDS:
            kind, note = KINDS[line.description]
            reconciling.explain(actor=cast["fern"], line_id=line.pk, kind=kind, note=note)


def a_cheque_goes_stale(cast: Cast) -> PaymentRun:
    """Dev's cheque was not cashed in thirty days: it is stopped, owed again, and written anew."""
    with at("2026-11-18 14:00"):
        stale = HandOver.objects.get(serial="100202")
        handing.take_back(
            actor=cast["farah"],
            hand_over_id=stale.pk,
            ended=Ended.EXPIRED,
            reason="Not cashed in thirty days. The bank has stopped it.",
        )
        run = prepare(cast, Method.CHEQUE, days=2)
        sign_and_send(cast, run)
        hand_over(cast, run, serial="100203")
        seal()
    return run


def hari_again(cast: Cast) -> list[PaymentRun]:
    """Hari's claim of November, as he is usually paid: vouchers for his time, a code for his fares."""
    with at("2026-11-20 14:30"):
        made = [prepare(cast, method, days=0) for method in (Method.VOUCHER, Method.CODE)]
        for run in made:
            sign_and_send(cast, run)
        hand_over(cast, made[0])
        hand_over(cast, made[1], code="RB-4512-7719")
        seal()
    return made
