"""Sign, send, stop and take out on the screen: by whom, once, and for the run that was looked at."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.actions import Action
from audit.models import Event
from audit.queries import opened
from common.dates import set_now
from ledger.models import JournalEntry
from payments.models import BankAccount, PaymentRun
from payments.services import runs
from people.models import RoleKind
from tests.cast import Cast
from tests.payments.office import MONDAY, colleague, hash_of, hours, prepared, sent, signed
from tests.people.browsers import browser, errors_of, proven

pytestmark = pytest.mark.usefixtures("due")
_HIDDEN = re.compile(r'<input type="hidden" name="(key|version|sha256)" value="([^"]*)">')


def page_of(run: PaymentRun, step: str = "") -> str:
    return f"/payments/runs/{run.pk}/{f'{step}/' if step else ''}"


def take_out_page(run: PaymentRun, reference: str) -> str:
    return f"/payments/{run.payments.get(reference=reference).pk}/take-out/"


def form_at(client: Client, path: str) -> dict[str, str]:
    """What the form at an address carries unseen."""
    return dict(_HIDDEN.findall(client.get(path).content.decode()))


def shown(answer: Any) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_run_goes_from_prepared_to_sent_on_the_screen(due: Cast, account: BankAccount) -> None:
    run = prepared(due, account)
    farah, fern = proven(due.farah), proven(due.fern)
    signing = farah.get(page_of(run, "sign"))
    for words in ("£59.80 in 3 payments", "First payment to them.", "Fern Finance"):
        assert words in shown(signing)
    assert "You sign for £59.80 in 3 payments , in one file" in shown(signing)
    assert " ".join(hash_of(run)[start : start + 4] for start in (0, 4, 8, 12)) in shown(signing)
    answer = farah.post(page_of(run, "sign"), form_at(farah, page_of(run, "sign")))
    assert answer.headers["Location"] == page_of(run)
    assert "You signed payment run 1. Next, it is sent to the bank." in shown(farah.get(page_of(run)))

    sending = shown(fern.get(page_of(run, "send")))
    assert "Signed Farah Finance, 9:00am on 23 November 2026" in sending
    assert "The file is read again." in sending
    answer = fern.post(page_of(run, "send"), form_at(fern, page_of(run, "send")))
    assert answer.headers["Location"] == page_of(run)
    run.refresh_from_db()
    assert (run.status, run.authorised_by, run.released_by) == ("sent", due.farah, due.fern)
    after = shown(fern.get(page_of(run)))
    assert "Download its file and give it to the bank." in after
    assert "3 payments are not there yet" in after


@pytest.mark.parametrize("step", ["sign", "send", "file"])
def test_signing_sending_and_downloading_need_a_fresh_proof(
    due: Cast, account: BankAccount, step: str
) -> None:
    run = prepared(due, account) if step == "sign" else signed(due, account)
    client = browser(due.farah)
    assert client.get(page_of(run, step)).status_code == 403  # nothing but signing in again proves it
    answer = client.post(page_of(run, step), {"key": "0" * 32, "version": "1", "sha256": hash_of(run)})
    assert answer.status_code == 403
    assert PaymentRun.objects.get().status == run.status
    assert not Event.objects.filter(action=Action.RUN_FILE_DOWNLOADED).exists()


def test_nobody_signs_a_run_that_changed_after_they_opened_it(due: Cast, account: BankAccount) -> None:
    run, farah = prepared(due, account), proven(due.farah)
    old = form_at(farah, page_of(run, "sign"))
    runs.take_out(actor=due.fern, payment_id=run.payments.get(person=due.dev).pk, reason="He asked.")
    answer = farah.post(page_of(run, "sign"), old)
    assert answer.status_code == 409
    assert "made again after you looked at it" in shown(answer)
    assert "Fern Finance took EXP 000003 out at 9:00am on 23 November 2026." in shown(answer)
    assert PaymentRun.objects.get().authorised_by is None


@pytest.mark.parametrize("step", ["send", "void"])
def test_nobody_sends_or_stops_a_run_that_changed_after_they_opened_it(
    due: Cast, account: BankAccount, step: str
) -> None:
    """It was signed again meanwhile, so that only the version tells."""
    run, farah = signed(due, account), proven(due.farah)
    old = form_at(farah, page_of(run, step)) | {"reason": "Wrong day."}
    assert old["version"] == "1"
    runs.take_out(actor=due.fern, payment_id=run.payments.get(person=due.dev).pk, reason="He asked.")
    run.refresh_from_db()
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    answer = farah.post(page_of(run, step), old)
    assert answer.status_code == 409
    assert (
        "Fern Finance took a payment out of this run after you opened it, at 9:00am on 23 November 2026"
        in shown(answer)
    )
    assert PaymentRun.objects.get().status == "authorised"
    fresh = form_at(farah, page_of(run, step)) | {"reason": "Wrong day."}
    assert farah.post(page_of(run, step), fresh).status_code == 302  # the control: as it is now, it goes


def test_nobody_takes_a_payment_out_of_a_run_that_changed_after_they_opened_it(
    due: Cast, account: BankAccount
) -> None:
    run, fern = prepared(due, account), browser(due.fern)
    path = take_out_page(run, "EXP 000001")
    old = form_at(fern, path) | {"reason": "She asked."}
    runs.take_out(actor=due.fern, payment_id=run.payments.get(person=due.dev).pk, reason="He asked.")
    assert fern.post(path, old).status_code == 409
    assert run.payments.filter(status="taken_out").count() == 1


def test_the_same_form_twice_has_one_effect(due: Cast, account: BankAccount) -> None:
    run, farah, fern = prepared(due, account), proven(due.farah), proven(due.fern)
    taken = take_out_page(run, "EXP 000003")
    steps = [
        (fern, taken, {"reason": "He asked."}),
        (farah, page_of(run, "sign"), {}),
        (fern, page_of(run, "send"), {}),
    ]
    for client, path, typed in steps:
        filled = form_at(client, path) | typed
        assert [client.post(path, filled).status_code for _ in range(3)] == [302, 302, 302]
    assert JournalEntry.objects.filter(source=f"run:{run.pk}:released").count() == 1
    for action in (Action.PAYMENT_TAKEN_OUT, Action.RUN_AUTHORISED, Action.RUN_RELEASED):
        assert Event.objects.filter(action=action).count() == 1


def test_stopping_twice_with_one_form_stops_once(due: Cast, account: BankAccount) -> None:
    run, farah = prepared(due, account), browser(due.farah)
    filled = form_at(farah, page_of(run, "void")) | {"reason": "Wrong day."}
    assert [farah.post(page_of(run, "void"), filled).status_code for _ in range(2)] == [302, 302]
    assert Event.objects.filter(action=Action.RUN_VOIDED).count() == 1


def test_the_back_button_and_another_key_are_refused_with_who_and_when(
    due: Cast, account: BankAccount
) -> None:
    """Forms of a page that was open before the step, sent after it with keys of their own."""
    run, farah, fern = prepared(due, account), proven(due.farah), proven(due.fern)
    stop, sign = (form_at(farah, page_of(run, step)) for step in ("void", "sign"))
    out = form_at(fern, take_out_page(run, "EXP 000003")) | {"reason": "He asked."}
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    late = farah.post(page_of(run, "sign"), sign)
    assert late.status_code == 409
    assert "Farah Finance signed it at 9:00am on 23 November 2026." in shown(late)

    send = form_at(fern, page_of(run, "send"))
    runs.release(actor=due.fern, run_id=run.pk)
    for client, path, form in (
        (fern, page_of(run, "send"), send),
        (fern, take_out_page(run, "EXP 000003"), out),
        (farah, page_of(run, "void"), stop | {"reason": "Wrong day."}),
    ):
        late = client.post(path, form)
        assert late.status_code == 409
        assert "Fern Finance sent it at 9:00am on 23 November 2026." in shown(late)
    assert PaymentRun.objects.get().status == "sent"


def test_what_is_over_leads_back_to_the_run(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)
    for client, path in (
        (proven(due.farah), page_of(run, "sign")),
        (proven(due.farah), page_of(run, "send")),
        (proven(due.farah), page_of(run, "void")),
        (proven(due.fern), take_out_page(run, "EXP 000003")),
    ):
        assert client.get(path).headers["Location"] == page_of(run)


def test_stopping_a_run_keeps_the_reason_in_the_trail_and_on_its_page(
    due: Cast, account: BankAccount
) -> None:
    run, farah = prepared(due, account), browser(due.farah)
    assert "3 payments, £59.80 in all, are not made" in shown(farah.get(page_of(run, "void")))
    farah.post(page_of(run, "void"), form_at(farah, page_of(run, "void")) | {"reason": "Wrong day."})
    event = Event.objects.get(action=Action.RUN_VOIDED)
    assert opened([event])[event.pk]["reason"] == "Wrong day."
    page = shown(farah.get(page_of(run)))
    assert "Stopped Farah Finance, 9:00am on 23 November 2026: “Wrong day.”" in page
    assert "What it would have paid is due again." in page
    assert farah.get(page_of(run, "sheet")).status_code == 409


def test_taking_out_says_what_happens_and_keeps_the_reason(due: Cast, account: BankAccount) -> None:
    run, fern = signed(due, account), browser(due.fern)
    path = take_out_page(run, "EXP 000003")
    assert path in fern.get(page_of(run)).content.decode()
    asked = shown(fern.get(path))
    assert "the signature of Farah Finance no longer counts" in asked
    assert "Dev Contributor" in asked
    fern.post(path, form_at(fern, path) | {"reason": "He asked\nto wait."})
    event = Event.objects.get(action=Action.PAYMENT_TAKEN_OUT)
    assert opened([event])[event.pk]["reason"] == "He asked to wait."
    page = shown(fern.get(page_of(run)))
    assert "2 payments on 26 November 2026 from Current account; 1 taken out." in page


def test_the_last_payment_is_not_taken_out_on_the_screen(due: Cast, account: BankAccount) -> None:
    run, fern = prepared(due, account), browser(due.fern)
    for reference in ("EXP 000001", "TIME 000002"):
        path = take_out_page(run, reference)
        fern.post(path, form_at(fern, path) | {"reason": "She asked."})
    assert "Take out" not in shown(fern.get(page_of(run)))
    path = take_out_page(run, "EXP 000003")
    answer = fern.post(path, form_at(fern, path) | {"reason": "He asked."})
    assert answer.status_code == 422
    assert errors_of(answer) == ["This is the only payment left in the run. Void the run instead"]
    assert "He asked." in answer.content.decode()


BAD_REASONS = ["", " ", "x" * 301, "x" * 5000, "\x00", "\u202e", "a\x1bb"]


@pytest.mark.parametrize("reason", BAD_REASONS)
def test_a_reason_that_cannot_be_kept_is_refused(due: Cast, account: BankAccount, reason: str) -> None:
    run, farah, fern = prepared(due, account), browser(due.farah), browser(due.fern)
    for client, path in ((farah, page_of(run, "void")), (fern, take_out_page(run, "EXP 000003"))):
        filled = form_at(client, path) | {"reason": reason}
        answer = client.post(path, filled)
        assert answer.status_code == 422
        assert len(errors_of(answer)) == 1
    assert PaymentRun.objects.get().version == 1


@pytest.mark.parametrize("sha256", ["", "0", "x" * 64, "0" * 64 + "\n", "\x00", "A" * 64])
def test_a_forged_hash_is_refused(due: Cast, account: BankAccount, sha256: str) -> None:
    run, farah = prepared(due, account), proven(due.farah)
    filled = form_at(farah, page_of(run, "sign")) | {"sha256": sha256}
    answer = farah.post(page_of(run, "sign"), filled)
    assert answer.status_code in {409, 422}
    assert PaymentRun.objects.get().authorised_by is None


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30, "1.5"])
def test_a_forged_version_is_refused(due: Cast, account: BankAccount, version: str) -> None:
    run, fern = signed(due, account), proven(due.fern)
    answer = fern.post(page_of(run, "send"), {"key": "0" * 32, "version": version})
    assert answer.status_code == 422
    assert PaymentRun.objects.get().status == "authorised"


def test_a_version_that_is_not_there_yet_is_refused(due: Cast, account: BankAccount) -> None:
    run, fern = signed(due, account), proven(due.fern)
    answer = fern.post(page_of(run, "send"), {"key": "0" * 32, "version": "7"})
    assert answer.status_code == 409
    assert PaymentRun.objects.get().status == "authorised"


def test_who_may_not_is_told_why_on_the_run_and_on_the_page(due: Cast, account: BankAccount) -> None:
    both = colleague(due, "Bo Both", [RoleKind.PREPARER, RoleKind.APPROVER])
    run = prepared(due, account)
    runs.take_out(actor=both, payment_id=run.payments.get(person=due.dev).pk, reason="He asked.")
    client = proven(both)
    why_not = "Somebody else has to sign a payment run you prepared."
    assert f"Sign this run: {why_not}" in shown(client.get(page_of(run)))
    page = client.get(page_of(run, "sign"))
    assert why_not in shown(page)
    assert "Sign this run</button>" not in page.content.decode()
    run.refresh_from_db()
    answer = client.post(page_of(run, "sign"), {"key": "0" * 32, "sha256": hash_of(run)})
    assert answer.status_code == 403
    assert why_not in shown(answer)


def test_an_auditor_reads_and_is_offered_nothing(due: Cast, account: BankAccount) -> None:
    run = prepared(due, account)
    page = shown(browser(due.ada).get(page_of(run)))
    assert "Signing sheet" in page
    for words in ("Stop this run", "Take out", "Sign this run", "Download the bank file"):
        assert words not in page


def test_the_list_of_runs_tells_what_waits_for_whom(due: Cast, account: BankAccount) -> None:
    run = prepared(due, account)
    farah, fern = browser(due.farah), browser(due.fern)
    assert "1 waits for you" in shown(farah.get("/payments/runs/"))
    assert "Run 1" in shown(farah.get("/payments/runs/?view=waiting"))
    assert "No run waits for you." in shown(fern.get("/payments/runs/"))
    assert "No run waits for you" in shown(fern.get("/payments/runs/?view=waiting"))
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    assert "1 waits for you" in shown(fern.get("/payments/runs/"))


def test_a_pay_day_that_is_too_near_is_warned_of(due: Cast, account: BankAccount) -> None:
    run, fern = signed(due, account), proven(due.fern)
    assert "the bank may refuse the file" not in shown(fern.get(page_of(run, "send")))
    with set_now(MONDAY + timedelta(days=2)):
        assert "the bank may refuse the file" in shown(fern.get(page_of(run, "send")))


@pytest.mark.parametrize("step", ["", "sheet", "sign"])
def test_pages_cost_the_same_for_more_payments(due: Cast, account: BankAccount, step: str) -> None:
    client, counts = proven(due.farah), []
    first = prepared(due, account)
    for payments in (3, 4):
        run = PaymentRun.objects.latest("pk")
        assert run.count == payments
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page_of(run, step)).status_code == 200
        counts.append(len(asked))
        if run == first:
            runs.void(actor=due.farah, run_id=run.pk, reason="Again.")
            hours(due, due.dev, 1)
            prepared(due, account)
    assert counts[0] == counts[1] <= 40
