"""Whom people named, their codes and what they keep for themselves are tokens that stand nowhere else.

Looked through: every row of the database, the queue of tasks, mail, the log, the trail, every export, and all
pages and files that anybody else reaches. What `tests/claims/test_answer_nowhere.py` (an amount below the
offer), `tests/payments/own_money/test_canaries.py` (private limits) and `tests/people/messages` (notes) walk
for is not walked for again.
"""

import base64
import logging
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from audit.models import Event
from audit.queries import opened
from claims.models import Answer, CountsAs, Instruction, Offer, Outcome, Way
from claims.services import claiming
from claims.services.deciding import decide
from claims.services.offers import answer_offer, make_offer
from claims.ways import named_by
from common.dates import set_now
from common.money import from_minor
from payments.models import BankAccount, HandOver, PaymentRun, Voucher
from payments.secrets import open_code, open_voucher
from payments.services.files import checked_bytes
from payments.workflow import Method
from people.models import Organisation, Person
from people.services.delivering import send_waiting
from reports.journal import journal_text
from reports.workbook import Span, finance_workbook
from tests.canaries import dump, found_in, unpacked
from tests.cast import Cast
from tests.claims.meetings import invited, meeting
from tests.claims.test_answer_nowhere import walk
from tests.payments.by_hand.conftest import due, ways
from tests.payments.by_hand.steps import bought, chosen, given, sent_by
from tests.payments.office import MONDAY, hours, prepared
from tests.people.browsers import browser
from tests.web.conftest import SignIn
from tests.web.test_finance_wall import Seen, differences, looked, plain
from tests.worlds import world

__all__ = ["due", "ways"]
pytestmark = pytest.mark.usefixtures("walking")
CHARITY, GROUP = "Quillonby Zebrafinch Trust", "Vexworthy Ostrich Circle"
VOUCHER, CODE = "VQX7-ZEBRAFINCH-4411", "KJW9-OSTRICHES-2277"
TOKENS = (CHARITY, GROUP, VOUCHER, CODE)
THURSDAY = datetime(2026, 11, 19, 9, tzinfo=UTC)
MONTH = Span(date(2026, 11, 1), date(2026, 11, 30))
OTHERS = ("lena", "anil", "hana", "ada", "abel", "otto")
Runs = dict[Method, PaymentRun]


def play(cast: Cast) -> Runs:
    """Cora gives to a charity and gets a code; Dev gives to a group and gets a voucher."""
    with set_now(THURSDAY):
        chosen(cast, cast.cora, Way.DONATION, named=CHARITY, wants_receipt=True)
        chosen(cast, cast.cora, Way.CODE, CountsAs.EXPENSE)
        chosen(cast, cast.dev, Way.GROUP, named=GROUP)
        chosen(cast, cast.dev, Way.VOUCHER, CountsAs.EXPENSE)
    hours(cast, cast.dev, 1)
    bought(cast, face_value=730, count=1, codes=[VOUCHER])
    runs = {way: sent_by(cast, way) for way in (Method.DONATION, Method.GROUP, Method.VOUCHER, Method.CODE)}
    for way, run in runs.items():
        given(cast, run.payments.get(), **({"code": CODE} if way == Method.CODE else {}))
    return runs


@world
def runs(ways: Cast) -> Runs:
    return play(ways)


def leaks() -> dict[str, set[str]]:
    """Tables with a row that holds a token, and which."""
    tables = {name: found_in("\n".join(rows), TOKENS) for name, rows in dump().items()}
    return {name: found for name, found in tables.items() if found}


def test_they_are_kept_sealed_and_can_be_opened(runs: Runs, ways: Cast) -> None:
    """Else nothing below would prove anything."""
    named = {named_by(each) for each in Instruction.objects.exclude(named=None)}
    assert named == {CHARITY, GROUP}
    coded = HandOver.objects.exclude(code=None).get()
    assert open_code(bytes(coded.code or b""), coded.payment_id) == CODE
    voucher = Voucher.objects.get()
    assert open_voucher(bytes(voucher.code or b""), voucher.batch_id, voucher.position) == VOUCHER
    assert {way for way, run in runs.items() if found_in(checked_bytes(run).decode(), TOKENS)} == {
        Method.DONATION,
        Method.GROUP,
    }


def code_shown(cast: Cast, runs: Runs) -> str:
    """What Cora's browser shows when she asks for her code."""
    payment = runs[Method.CODE].payments.get()
    return browser(cast.cora).post(f"/payments/{payment.pk}/code/").content.decode()


def test_the_person_who_named_a_charity_reads_it_where_it_belongs(runs: Runs, ways: Cast) -> None:
    """The walk would find it: a negative control of the tests below."""
    donated = runs[Method.DONATION].payments.get()
    pages = walk(ways.cora, *about(ways, runs))
    found = {path for path, text in pages.items() if found_in(text, TOKENS)}
    assert f"/payments/{donated.pk}/" in found
    assert {path.split("/")[1] for path in found} <= {"payments", "how-you-are-paid", "your-money"}


def test_no_row_of_the_database_holds_one(runs: Runs, ways: Cast) -> None:
    """Neither in clear nor as figures or base64: bare tables, history, trail, queue, files and all."""
    assert CODE in code_shown(ways, runs)
    assert leaks() == {}


@pytest.mark.parametrize("shape", [str, lambda word: word.encode().hex(), lambda word: encoded(word)])
def test_the_search_finds_one_that_is_there(runs: Runs, ways: Cast, shape: object) -> None:
    """The negative control, in every shape."""
    assert callable(shape)
    Organisation.objects.filter(pk=ways.riverside.pk).update(help_contact=f"Ring {shape(CODE)} today")
    assert leaks() == {"people_organisation": {CODE}}
    assert {CODE} in [found_in(text, TOKENS) for text in walk(ways.lena).values()] or shape is not str


def encoded(word: str) -> str:
    return base64.b64encode(b"##" + word.encode()).decode()


def test_neither_queue_nor_mail_nor_log_nor_trail_tells_one(
    ways: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        runs = play(ways)
        send_waiting()
        assert CODE in code_shown(ways, runs)
    tasks = [str(row.args_kwargs) for row in DBTaskResult.objects.all()]
    mails = [f"{each.to} {each.subject} {each.body}" for each in mail.outbox]
    events = [str(words) for words in opened(Event.objects.all()).values()]
    logged = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    for texts in (tasks, mails, events):
        assert texts
    assert [text for text in (*tasks, *mails, *events, *logged) if found_in(text, TOKENS)] == []


def test_no_export_tells_one(runs: Runs, ways: Cast) -> None:
    """The lists of donations and groups excepted, which say whom to pay (the first test reads them)."""
    book = unpacked(finance_workbook(ways.riverside, MONTH))
    lists = [checked_bytes(run).decode() for way, run in runs.items() if way in (Method.CODE, Method.VOUCHER)]
    assert ways.cora.number in book
    assert [text for text in (book, *journal_text(ways.riverside), *lists) if found_in(text, TOKENS)] == []


def about(cast: Cast, runs: Runs) -> list[str]:
    """Addresses of whatever is about Cora, Dev and these runs, whether or not a page leads there."""
    paths = ["/trail/", "/payments/due/", "/payments/?view=own", "/your-money/"]
    for run in runs.values():
        [payment] = run.payments.all()
        place = f"/payments/runs/{run.pk}/"
        paths += [place, f"{place}sheet/", f"/history/run/{run.pk}/"]
        paths += [f"/payments/{payment.pk}/", f"/history/payment/{payment.pk}/"]
    for person in (cast.cora, cast.dev):
        number = person.number
        paths += [f"/history/person/{number}/", f"/people/{number}/", f"/payees/{number}/"]
    return paths


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_finds_one_on_any_page_or_file(runs: Runs, ways: Cast, name: str) -> None:
    pages = walk(getattr(ways, name), *about(ways, runs))
    assert len(pages) > 8
    assert {path: found_in(text, TOKENS) for path, text in pages.items() if found_in(text, TOKENS)} == {}


@pytest.mark.parametrize(("name", "theirs"), [("cora", {GROUP, VOUCHER}), ("dev", {CHARITY, CODE})])
def test_no_contributor_finds_one_of_another(runs: Runs, ways: Cast, name: str, theirs: set[str]) -> None:
    pages = walk(getattr(ways, name), *about(ways, runs))
    assert {path for path, text in pages.items() if found_in(text, theirs)} == set()


@pytest.mark.parametrize("name", ["fern", "farah"])
def test_finance_reads_whom_to_pay_with_the_run_alone_and_no_code(runs: Runs, ways: Cast, name: str) -> None:
    pages = walk(getattr(ways, name), *about(ways, runs))
    shown = {path: found for path, text in pages.items() if (found := found_in(text, TOKENS))}
    places = {f"/payments/runs/{runs[way].pk}/": {word} for way, word in NAMED.items()}
    for way, word in NAMED.items():
        made = HandOver.objects.get(payment__run=runs[way])
        places[f"/payments/by-hand/handed/{made.pk}/"] = {word}
    for path, found in shown.items():
        [place] = [place for place in places if path.startswith(place)]
        assert found == places[place]


NAMED = {Method.DONATION: CHARITY, Method.GROUP: GROUP}


# What finance sees before anything is claimed is the same, whatever was chosen. That leads, helpers and the
# auditor see the same, and that an answer or a talk makes no difference, is shown by test_walls_on_pages.py,
# test_finance_wall.py and tests/claims/test_talk_leaves_no_trace.py.
SAID: dict[str, dict[str, Any]] = {
    "by bank": {"answer": Answer.ACCEPTED},
    "a charity": {"answer": Answer.ACCEPTED, "way": Way.DONATION, "named": CHARITY, "wants_receipt": True},
    "a voucher": {"answer": Answer.ACCEPTED, "way": Way.VOUCHER},
    "nothing": {"answer": Answer.NOTHING},
}


@world
def offer(ways: Cast) -> Offer:
    return invited(ways)[0]


def seen_by(person: Person, cast: Cast, offer: Offer, said: dict[str, Any]) -> Seen:
    """What this person sees once Cora has said this; undone at the end."""
    with transaction.atomic():
        answer_offer(actor=cast.cora, offer_id=offer.pk, **said)
        more = (f"/invitations/{offer.pk}/read-out/", f"/payees/{cast.cora.number}/", "/payments/due/")
        seen = {plain(path): plain(text) for path, text in walk(person, *more).items()}
        transaction.set_rollback(True)
    return seen


def test_no_page_of_finance_differs_by_what_was_chosen(ways: Cast, offer: Offer) -> None:
    first, *others = (seen_by(ways.fern, ways, offer, said) for said in SAID.values())
    assert len(first) > 8
    assert [differences(first, other) for other in others] == [[]] * len(others)


def test_finance_sees_the_same_of_one_who_declined_and_one_who_was_never_offered(
    ways: Cast, account: BankAccount, signed_in: SignIn
) -> None:
    """Cora gives to a charity, then wants costs alone; or nobody asks her. She claims the same fare."""
    declined, never = (played(ways, account, signed_in, asked=asked) for asked in (True, False))
    assert len(declined) > 40
    assert differences(declined, never) == []


def played(cast: Cast, account: BankAccount, signed_in: SignIn, *, asked: bool) -> Seen:
    """What finance sees once it is decided, and once it is in a run; undone at the end."""
    with transaction.atomic():
        activity = meeting(cast, starts_at=MONDAY.replace(hour=12))
        if asked:
            offer = make_offer(actor=cast.lena, activity=activity, contributor=cast.cora)
            both: dict[str, Any] = {"actor": cast.cora, "offer_id": offer.pk}
            answer_offer(**both, answer=Answer.ACCEPTED, way=Way.DONATION, named=CHARITY)
            with set_now(MONDAY.replace(hour=10)):
                answer_offer(**both, answer=Answer.DECLINED)
        with set_now(MONDAY.replace(hour=16)):
            claim = claiming.start_claim(
                actor=cast.cora, project=cast.project, contributor=cast.cora, activity=activity
            )
            spent = from_minor(450, "GBP")
            line: dict[str, Any] = {"actor": cast.cora, "claim_id": claim.pk, "on": MONDAY.date()}
            claiming.add_line(**line, kind="fare", mode="bus", spent=spent, receipt="R77")
            claiming.submit(actor=cast.cora, claim_id=claim.pk)
            for each in claim.lines.all():
                decide(actor=cast.anil, line_id=each.pk, outcome=Outcome.APPROVE)
            seen = looked(cast, signed_in, "due")
            prepared(cast, account)
            seen |= looked(cast, signed_in, "prepared")
        transaction.set_rollback(True)
    return seen
