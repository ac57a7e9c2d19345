"""The approvers' wall, on the pages themselves: byte for byte the same, whatever the contributor answered.

The same story is played once for each answer, with the same people on the same days, and undone in between.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from claims.models import Answer, Claim, ClaimLine, Decision
from claims.services import claiming
from common.dates import set_now
from common.money import from_minor
from payments.models import BankAccount, PaymentItem
from people.models import Message, User
from tests.cast import Cast
from tests.payments.office import account_of, prepared
from tests.web.conftest import SignIn

pytestmark = [pytest.mark.usefixtures("walking"), pytest.mark.xdist_group("approvers' wall")]
ANSWERS = {"all of it": (Answer.ACCEPTED, None), "less": (Answer.LESS, 100), "none": (Answer.DECLINED, None)}
JANUARY = datetime(2027, 1, 11, 9, tzinfo=UTC)
Story = dict[str, str]

# Made anew for each page or each row: keys of forms, tokens, and primary keys on PostgreSQL.
VOLATILE = (
    re.compile(r'name="csrfmiddlewaretoken" value="\w+"'),
    re.compile(r'name="key" value="[0-9a-f]{32}"'),
    re.compile(r"C\d{6,}"),
    re.compile(r"line-\d+"),
    re.compile(r'name="leave" value="\d+"'),
    re.compile(r"/decisions/\d+/"),
    re.compile(r"nonce-[\w-]+|nonce=\"[\w-]+\""),
)


class Lead:
    """What a lead's browser shows: every answer to it is kept as text, under the step of the story."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seen: Story = {}

    def look(self, stage: str, *paths: str) -> None:
        for path in paths:
            self._keep(f"{stage}: {plain(path)}", self.client.get(path))

    def send(self, stage: str, path: str, **data: str) -> Any:
        page = self.client.get(path).content.decode()
        hidden = dict(re.findall(r'type="hidden" name="(key|version)" value="(\w+)"', page))
        answer: Any = self.client.post(path, hidden | data)
        self._keep(f"{stage}: {plain(path)}", answer)
        return answer

    def _keep(self, name: str, answer: Any) -> None:
        headers = sorted(f"{key}: {value}" for key, value in answer.items() if key != "Content-Length")
        self.seen[name] = plain("\n".join([str(answer.status_code), *headers, answer.content.decode()]))


def plain(text: str) -> str:
    for pattern in VOLATILE:
        text = pattern.sub("#", text)
    return text


def the_claim(cast: Cast, answer: Answer, less_amount: int | None) -> Claim:
    """Cora's claim for a bus and two hours, with this answer to the money for them."""
    claim = claiming.start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)
    both: dict[str, Any] = {"actor": cast.cora, "claim_id": claim.pk, "on": date(2026, 11, 20)}
    claiming.add_line(**both, kind="fare", mode="bus", spent=from_minor(450, "GBP"), receipt="R1")
    claiming.add_line(
        **both,
        kind="time",
        mode="session",
        quantity=Decimal(2),
        unit="hour",
        answer=answer,
        less_amount=less_amount,
    )
    return claiming.submit(actor=cast.cora, claim_id=claim.pk)


def everywhere(claim: Claim) -> list[str]:
    """Every page a lead can read."""
    project = f"/projects/{claim.project_id}/"
    return [
        "/",
        "/claims/?view=lead",
        "/claims/?view=lead&status=decided",
        f"/claims/{claim.reference}/",
        f"/claims/{claim.reference}/decide/",
        f"/history/claim/{claim.reference}/",
        "/projects/",
        project,
        f"{project}budget.svg",
        f"/history/project/{claim.project_id}/",
    ]


def story(cast: Cast, account: BankAccount, client: Client, answer: Answer, less_amount: int | None) -> Story:
    """Decide, undo, decide again, pay: and what the lead sees at each step."""
    claim = the_claim(cast, answer, less_amount)
    lead, decide = Lead(client), f"/claims/{claim.reference}/decide/"
    bus, time = (line.pk for line in claim.lines.order_by("position"))
    both = {f"line-{bus}": "approve", f"line-{time}": "approve"}
    pages = everywhere(claim)
    lead.look("waiting", *pages)
    lead.send("agree", decide, step="check", **both)
    part = {
        f"line-{time}": "reduce",
        f"line-{time}-part-amount": "1",
        f"line-{time}-part-why": "time-part-there",
    }
    lead.send("a part", decide, step="check", **part)
    assert lead.send("sent", decide, step="send", **both).status_code == 302
    lead.look("decided", *pages)
    undo = f"/claims/{claim.reference}/decisions/{Decision.objects.get(line=time).pk}/undo/"
    lead.look("undo", undo)
    assert lead.send("undone", undo, reason="It was the wrong day.").status_code == 302
    lead.look("undone", *pages)
    assert lead.send("again", decide, step="send", **{f"line-{time}": "approve"}).status_code == 302
    lead.look("again", *pages)
    prepared(cast, account)
    assert PaymentItem.objects.filter(line=bus).exists()
    late = f"/claims/{claim.reference}/decisions/{Decision.objects.filter(line=time).latest('pk').pk}/undo/"
    assert lead.send("too late", late, reason="It was the wrong day.").status_code == 409
    lead.look("in a run", *pages)
    with set_now(JANUARY):
        client.force_login(User.objects.get(person=cast.anil))  # the session of November is over
        lead.look("months later", *pages)
    lead.seen["messages"] = plain(
        repr(list(Message.objects.filter(person=cast.anil).values_list("kind", "day")))
    )
    lead.seen["mail"] = plain(repr([(each.to, each.subject, each.body) for each in mail.outbox]))
    return lead.seen


_told: dict[str, Story] = {}


@pytest.fixture
def stories(monday: None, cast: Cast, account: BankAccount, signed_in: SignIn) -> dict[str, Story]:
    """Played by the first who asks: what is kept is text."""
    if not _told:
        account_of(cast, cast.cora)
        _told.update({name: played(cast, account, signed_in, *given) for name, given in ANSWERS.items()})
    return _told


def played(
    cast: Cast, account: BankAccount, signed_in: SignIn, answer: Answer, less_amount: int | None
) -> Story:
    with transaction.atomic():
        mail.outbox.clear()
        client = signed_in(cast.anil)
        seen = story(cast, account, client, answer, less_amount)
        transaction.set_rollback(True)
    return seen


def test_a_lead_sees_the_same_whatever_was_answered(stories: dict[str, Story]) -> None:
    first, *others = stories.values()
    assert len(first) > 60
    for other in others:
        assert other.keys() == first.keys()
        assert [name for name in first if other[name] != first[name]] == []


def test_no_page_of_a_lead_says_what_was_answered(stories: dict[str, Story]) -> None:
    """£40.00 is what the rates give for the time, £1.00 the less that was taken."""
    for pages in stories.values():
        text = "\n".join(pages.values())
        assert "£1.00" not in text
        assert not re.search(r"declined|take (this|less) money|none of it", text, re.IGNORECASE)


def test_the_comparison_finds_what_would_tell(
    monday: None,
    cast: Cast,
    account: BankAccount,
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: a budget at what is owed instead of what the policy gives is caught."""
    account_of(cast, cast.cora)
    monkeypatch.setattr("reports.position.fees_as_leads_see_them", really_spent)
    seen = [played(cast, account, signed_in, *ANSWERS[name]) for name in ("all of it", "none")]
    assert any("/projects/" in name for name in seen[0] if seen[0][name] != seen[1][name])


def really_spent(project: object) -> int:
    fees = ClaimLine.objects.filter(counts_as="fee", allowed__isnull=False)
    return sum(fee.allowed or 0 for fee in fees)
