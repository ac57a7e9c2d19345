"""Finance's wall: somebody who declined a fee and somebody who was never offered one look the same.

The same weeks are played again and again, with the same people on the same days. Every page, file and export
of finance is compared, byte for byte: while a claim waits, for every answer to the money for the time in it;
once it is decided, for time that Cora wants no money for and for no time at all.
"""

import io
import re
import zipfile
from collections import deque
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from claims.models import Answer, Claim, Outcome
from claims.queries import FinanceClaimRow
from claims.queries.pages import _finance_row
from claims.services import claiming
from claims.services.deciding import decide
from common.money import from_minor
from payments.models import BankAccount
from people.models import Person
from reports.journal import journal_text
from reports.workbook import Span, finance_workbook
from tests.cast import Cast
from tests.payments.office import account_of, imported, prepared, sent
from tests.web.conftest import SignIn

pytestmark = pytest.mark.usefixtures("walking")
FINANCE = ("fern", "farah")
LINK = re.compile(r'(?:href|src)="([^"#]*)')
MOST_PAGES = 400
NOVEMBER = Span(date(2026, 11, 1), date(2026, 11, 30))

# Made anew for each page or row: keys of forms, tokens, primary keys and the handles made of them, and what
# is computed from those: the fingerprint of a file that names a reference.
VOLATILE = (
    (re.compile(r'name="csrfmiddlewaretoken" value="\w+"'), "token"),
    (re.compile(r'name="key" value="[0-9a-f]{32}"'), "key"),
    (re.compile(r"\b[CMR]\d{6,}"), "handle"),
    (re.compile(r"\b(EXP|FEE) \d{6,}"), "reference"),
    (re.compile(r"(?<=[/=:-])\d+(?=[/\"&?:<-]|$)", re.MULTILINE), "number"),
    (re.compile(r'value="\d+"'), "value"),
    (re.compile(r"\b(?:[0-9a-f]{4} ){3}[0-9a-f]{4}\b|\b[0-9a-f]{16}(?:[0-9a-f]{48})?\b"), "fingerprint"),
    (re.compile(r"nonce-[\w-]+|nonce=\"[\w-]+\""), "nonce"),
)
Seen = dict[str, str]


def plain(text: str) -> str:
    for pattern, name in VOLATILE:
        text = pattern.sub(name, text)
    return text


def claimed(cast: Cast, answer: Answer | None) -> Claim:
    """A bus fare, and two hours with this answer to the money for them; None is for no time at all."""
    claim = claiming.start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)
    both: dict[str, Any] = {"actor": cast.cora, "claim_id": claim.pk, "on": date(2026, 11, 20)}
    fare: dict[str, Any] = {"kind": "fare", "mode": "bus", "spent": from_minor(450, "GBP"), "receipt": "R1"}
    claiming.add_line(**both, **fare)
    if answer is not None:
        less = 1337 if answer == Answer.LESS else None
        time: dict[str, Any] = {"kind": "time", "mode": "session", "quantity": Decimal(2), "unit": "hour"}
        claiming.add_line(**both, **time, answer=answer, less_amount=less)
    return claiming.submit(actor=cast.cora, claim_id=claim.pk)


def walked(signed_in: SignIn, person: Person) -> Seen:
    """Every page that this person reaches by links, by its address without keys."""
    client, waiting = signed_in(person), deque(["/"])
    asked: set[str] = set()
    seen: Seen = {}
    while waiting and len(asked) < MOST_PAGES:
        path = waiting.popleft()
        if path in asked:
            continue
        asked.add(path)
        answer = client.get(path)
        text = answer.content.decode(errors="replace")
        if answer.headers.get("Content-Type", "").startswith(("text/html", "image/svg")):
            headers = sorted(f"{key}: {value}" for key, value in answer.items() if key != "Content-Length")
            seen[f"{person}: {plain(path)}"] = plain("\n".join([str(answer.status_code), *headers, text]))
            waiting.extend(link.replace("&amp;", "&") for link in LINK.findall(text) if _ours(link))
    return seen


def _ours(link: str) -> bool:
    return link.startswith("/") and not link.startswith(("/account/", "/static/", "//"))


def exported(cast: Cast) -> Seen:
    """The workbook, sheet by sheet, and the journal."""
    with zipfile.ZipFile(io.BytesIO(finance_workbook(cast.riverside, NOVEMBER))) as parts:
        sheets = {name: parts.read(name).decode() for name in parts.namelist() if "xl/" in name}
    return {name: plain(text) for name, text in sheets.items()} | {
        "journal": plain("\n".join(journal_text(cast.riverside)))
    }


def looked(cast: Cast, signed_in: SignIn, stage: str) -> Seen:
    """All that finance sees now."""
    pages = [walked(signed_in, getattr(cast, name)) for name in FINANCE]
    seen = {name: text for each in (*pages, exported(cast)) for name, text in each.items()}
    return {f"{stage}: {name}": text for name, text in seen.items()}


def waiting(cast: Cast, signed_in: SignIn, answer: Answer) -> Seen:
    """What finance sees while the claim waits for a decision; undone at the end."""
    with transaction.atomic():
        claimed(cast, answer)
        seen = looked(cast, signed_in, "waiting")
        transaction.set_rollback(True)
    return seen


def decided(cast: Cast, signed_in: SignIn, answer: Answer | None) -> Seen:
    """What finance sees once the claim is decided."""
    claim = claimed(cast, answer)
    for line in claim.lines.order_by("position"):
        decide(actor=cast.anil, line_id=line.pk, outcome=Outcome.APPROVE)
    return looked(cast, signed_in, "due")


def played(cast: Cast, account: BankAccount, signed_in: SignIn, answer: Answer | None) -> Seen:
    """Due, in a run, sent, on the statement: what finance sees at each step; undone at the end."""
    with transaction.atomic():
        seen = decided(cast, signed_in, answer)
        with transaction.atomic():
            prepared(cast, account)
            seen |= looked(cast, signed_in, "prepared")
            transaction.set_rollback(True)
        run = sent(cast, account)
        imported(cast, account, [(run.pay_on, f"RUN {run.number}", -run.total)])
        seen |= looked(cast, signed_in, "sent")
        transaction.set_rollback(True)
    return seen


def differences(one: Seen, other: Seen) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def test_finance_sees_the_same_of_a_fee_declined_and_none_offered(
    monday: None, cast: Cast, account: BankAccount, signed_in: SignIn
) -> None:
    account_of(cast, cast.cora)
    declined, never = (played(cast, account, signed_in, each) for each in (Answer.DECLINED, None))
    assert len(declined) > 80
    assert differences(declined, never) == []


def test_while_a_claim_waits_finance_sees_the_same_whatever_was_answered(
    monday: None, cast: Cast, account: BankAccount, signed_in: SignIn
) -> None:
    all_of_it, less, none = (
        waiting(cast, signed_in, each) for each in (Answer.ACCEPTED, Answer.LESS, Answer.DECLINED)
    )
    assert len(all_of_it) > 20
    assert differences(all_of_it, less) == []
    assert differences(all_of_it, none) == []


def test_the_comparison_finds_what_would_tell(
    monday: None, cast: Cast, account: BankAccount, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: a list that counts the lines of a claim tells of the fee of nothing."""
    monkeypatch.setattr("claims.queries.pages._finance_row", telling)
    seen = []
    for answer in (Answer.DECLINED, None):
        with transaction.atomic():
            seen.append(decided(cast, signed_in, answer))
            transaction.set_rollback(True)
    assert any("/claims/" in name for name in differences(*seen))


def telling(claim: Claim, totals: dict[str, Any]) -> FinanceClaimRow:
    row = _finance_row(claim, totals)
    return replace(row, project=f"{row.project}, {claim.lines.count()} lines")
