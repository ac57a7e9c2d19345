"""The one box: finds what it should, within what the reader may see, and tells nothing behind a wall."""

import logging
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from audit import guards
from claims.models import Answer, Claim, Outcome
from claims.services import claiming
from claims.services.deciding import decide
from common.money import from_minor
from payments.models import BankAccount
from people.models import Person, RoleKind
from people.services import add_person, grant_role
from tests.cast import Cast
from tests.payments.office import PAY_ON, fare, imported
from tests.people.browsers import browser, errors_of, send
from tests.web.world import World, waiting_claim


def groups(person: Person, term: str) -> dict[str, list[str]]:
    """What somebody finds: titles by kind."""
    answer = send(browser(person), "/search/", term=term)
    assert answer.status_code == 200, errors_of(answer)
    return {group.title: [hit.title for hit in group.hits] for group in answer.context["found"]}


def test_finance_finds_everything_by_its_handle(world: World) -> None:
    imported(world.cast, world.account, [(PAY_ON, "BACS", -5980)])
    farah, claim, payment = world.cast.farah, world.paid.reference, world.payment.reference
    for term in (claim, claim.lower(), claim.removeprefix("C").lstrip("0"), f" {claim} "):
        assert f"Claim {claim}" in groups(farah, term)["Claims"]
    for term in (payment, payment.lower(), payment.replace(" ", ""), payment.replace(" ", "-")):
        assert f"Payment {payment}" in groups(farah, term)["Payments"]
    number = world.remittance.number
    assert groups(farah, number)["Remittance advices"] == [f"Advice {number}"]
    assert groups(farah, f"run {world.run.number}")["Payment runs"] == [f"Run {world.run.number}"]
    assert groups(farah, world.cast.cora.number)["Payees"] == ["Cora Contributor"]


def test_finance_finds_by_name_and_by_amount(world: World) -> None:
    imported(world.cast, world.account, [(PAY_ON, "BACS", -1250)])
    found = groups(world.cast.farah, "cora")
    assert f"Claim {world.paid.reference}" in found["Claims"]
    assert found["Payees"] == ["Cora Contributor"]
    for term in ("12.50", "£12.50", "£ 12.50"):
        found = groups(world.cast.farah, term)
        assert f"Claim {world.paid.reference}" in found["Claims"]
        assert f"Payment {world.payment.reference}" in found["Payments"]
        assert found["Bank statement lines"] == ["26 November 2026"]


def test_what_is_found_leads_to_its_page(world: World) -> None:
    imported(world.cast, world.account, [(PAY_ON, "BACS", -1250)])
    for person in (world.cast.farah, world.cast.ada):
        client = browser(person)
        for term in ("12.50", f"run {world.run.number}"):
            for group in send(client, "/search/", term=term).context["found"]:
                for hit in group.hits:
                    assert client.get(hit.url).status_code == 200, hit
    [line] = world.account.lines.all()
    assert f'href="/bank/lines/{line.pk}/"' in send(client, "/search/", term="12.50").content.decode()


def test_a_bank_line_is_found_by_its_reference(world: World) -> None:
    imported(world.cast, world.account, [(PAY_ON, "BACS", -1250)])
    with transaction.atomic(), connection.cursor() as cursor:
        name = "statement_line_stays" if connection.vendor == "postgresql" else "statement_line_unchanged"
        with guards.without(name):
            cursor.execute("UPDATE payments_statementline SET reference = 'LEL RUN 1'")
        assert groups(world.cast.farah, "lel run 1")["Bank statement lines"] == ["26 November 2026"]
        assert "Bank statement lines" not in groups(world.cast.farah, "LEL RUN")
        transaction.set_rollback(True)


def test_a_contributor_finds_their_own(world: World) -> None:
    cora = world.cast.cora
    assert groups(cora, world.paid.reference) == {"Claims": [f"Claim {world.paid.reference}"]}
    assert groups(cora, world.payment.reference)["Payments"] == [f"Payment {world.payment.reference}"]
    assert groups(cora, "12.50")["Payments"] == [f"Payment {world.payment.reference}"]
    for term in (world.devs.reference, world.devs_payment.reference, "dev", "7.30", world.cast.dev.number):
        assert groups(cora, term) == {}


def test_a_lead_finds_claims_of_their_projects_and_no_payment(world: World) -> None:
    anil = world.cast.anil
    assert groups(anil, world.devs.reference) == {"Claims": [f"Claim {world.devs.reference}"]}
    assert set(groups(anil, "cora")) == {"Claims"}
    assert groups(anil, "7.30") == {"Claims": [f"Claim {world.devs.reference}"]}
    assert f"Claim {world.draft.reference}" not in groups(anil, "cora")["Claims"]
    for term in (world.payment.reference, world.remittance.number, "run 1", world.strange.reference, "bea"):
        assert groups(anil, term) == {}
    assert groups(world.cast.bea, "cora") == {}


def test_an_administrator_finds_people_and_no_money(world: World) -> None:
    assert groups(world.cast.abel, "cora") == {"People": ["Cora Contributor"]}
    for term in ("12.50", world.paid.reference, world.payment.reference, "run 1"):
        assert groups(world.cast.abel, term) == {}


@pytest.mark.parametrize("name", ["otto", "olga"])
def test_a_stranger_finds_nothing_of_another_organisation(world: World, name: str) -> None:
    person = getattr(world.cast, name)
    terms = ("cora", world.paid.reference, world.payment.reference, "12.50", world.remittance.number, "run 1")
    for term in terms:
        assert groups(person, term) == {}


ANSWERS = {"all": (Answer.ACCEPTED, None), "less": (Answer.LESS, 100), "none": (Answer.DECLINED, None)}


def _decided(cast: Cast, answer: Answer, less: int | None) -> Claim:
    """Cora's two hours at £20 with this answer, and a bus; decided."""
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
        less_amount=less,
    )
    claiming.submit(actor=cast.cora, claim_id=claim.pk)
    for line in claim.lines.order_by("position"):
        decide(actor=cast.anil, line_id=line.pk, outcome=Outcome.APPROVE)
    return claim


# Amounts that no handle could be: a bare number also finds the claim of that number, whatever was answered.
TERMS = ("£40", "40.00", "£40.00", "1.00", "£1", "£20", "£0", "44.50", "5.50", "4.50", "declined", "less")


def _found_for_each_answer(cast: Cast, readers: tuple[Person, ...]) -> list[list[Any]]:
    seen = []
    for answer, less in ANSWERS.values():
        with transaction.atomic():
            claim = _decided(cast, answer, less)
            found = [groups(reader, term) for reader in readers for term in TERMS]
            seen.append([str(each).replace(claim.reference, "C#") for each in found])
            transaction.set_rollback(True)
    return seen


def test_no_amount_tells_a_lead_a_helper_or_a_holder_what_was_answered(
    cast: Cast, account: BankAccount
) -> None:
    accepted, less, declined = _found_for_each_answer(cast, (cast.anil, cast.hana, cast.lena))
    assert accepted == less == declined
    assert any("C#" in each for each in accepted)  # the bus is found


def test_the_comparison_finds_a_search_that_tells(
    cast: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: with fees among the amounts, a lead would learn the answer."""
    monkeypatch.setattr("reports.search.CountsAs", SimpleNamespace(EXPENSE="fee"))
    accepted, less, declined = _found_for_each_answer(cast, (cast.anil,))
    assert len({str(accepted), str(less), str(declined)}) == 3


def test_no_amount_tells_finance_that_somebody_declined(cast: Cast, account: BankAccount) -> None:
    """Declined is the same as never offered: a bus and nothing else."""
    seen = []
    for declines in (True, False):
        with transaction.atomic():
            claim = _decided(cast, Answer.DECLINED, None) if declines else fare(cast, cast.cora, 450).claim
            found = [groups(cast.farah, term) for term in TERMS]
            seen.append([str(each).replace(claim.reference, "C#") for each in found])
            transaction.set_rollback(True)
    assert seen[0] == seen[1]


BAD = [
    ("", "Enter what you are looking for"),
    ("   ", "Enter what you are looking for"),
    ("co\x00ra", "This text has a hidden control character in it. Type it again."),
    ("\u202ecora", "This text has a hidden mark in it that turns its direction. Type it again."),
    ("x" * 101, "What you are looking for must be 100 characters or fewer"),
    ("x" * 2_000_000, "What you are looking for must be 100 characters or fewer"),
]


@pytest.mark.parametrize(("typed", "message"), BAD)
def test_what_cannot_be_looked_for_is_refused_in_words(cast: Cast, typed: str, message: str) -> None:
    answer = send(browser(cast.farah), "/search/", term=typed)
    assert (answer.status_code, errors_of(answer)) == (422, [message])


ODD = [
    "%",
    "_",
    "C%",
    "%ora%",
    "_ora",
    ".*",
    "[Cc]ora",
    "^Cora$",
    "\\",
    "'",
    '"; DROP TABLE',
    "١٢٫٥٠",
    "１２.５０",
]
ODD += [
    "1e3",
    "1_000",
    "-12.50",
    "🙂",
    "9" * 99,
    f"C{'9' * 11}",
    f"R{'9' * 11}",
    "<script>",
    "1,2",
    "0x10",
    "a",
]


def test_odd_terms_find_nothing_and_break_nothing(world: World) -> None:
    people = (world.cast.farah, world.cast.anil, world.cast.cora, world.cast.abel)
    found = {(person.name, typed): groups(person, typed) for person in people for typed in ODD}
    assert {asked: what for asked, what in found.items() if what} == {}


def test_a_broken_character_is_refused(cast: Cast) -> None:
    client = browser(cast.farah)
    body = "key=" + "a" * 32 + "&term=%ED%A0%80"
    answer = client.post("/search/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {200, 422}


def test_ten_megabytes_are_refused(cast: Cast) -> None:
    client = browser(cast.farah)
    client.raise_request_exception = False
    assert client.post("/search/", {"term": "x" * 10_000_000}).status_code in {400, 413, 422}


def test_what_was_typed_is_shown_again_and_harmless(world: World) -> None:
    page = send(browser(world.cast.farah), "/search/", term="<b>\"'").content.decode()
    assert 'value="&lt;b&gt;&quot;&#x27;"' in page


def test_the_term_is_in_no_address_and_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    client = browser(world.cast.farah)
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        answer = send(client, "/search/", term="Cora")
        client.get("/people/?q=Cora")
        client.get("/search/?term=Cora")
    assert answer.status_code == 200
    assert any(each.get("request") == "POST /search/" for each in logs)
    assert not any("Cora" in str(each) for each in logs)
    assert "Cora" not in caplog.text


def test_more_than_ten_are_hinted_at_and_cost_no_more_questions(world: World) -> None:
    client = browser(world.cast.farah)
    few = _asked(client, "cora")
    for _ in range(11):
        fare(world.cast, world.cast.cora, 300)
    many = _asked(client, "cora")
    assert few == many <= 22
    answer = send(client, "/search/", term="cora")
    [claims] = [group for group in answer.context["found"] if group.title == "Claims"]
    assert (len(claims.hits), claims.more) == (10, True)
    assert "There are more than 10. Type more of it to find the right one." in answer.content.decode()


def _asked(client: Any, term: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.post("/search/", {"key": "a" * 32, "term": term})
    return len(asked)


def test_who_only_contributes_has_no_search_in_the_menu(world: World) -> None:
    assert 'href="/search/"' not in browser(world.cast.cora).get("/").content.decode()
    for person in (world.cast.lena, world.cast.anil, world.cast.farah, world.cast.ada, world.cast.abel):
        assert 'href="/search/"' in browser(person).get("/").content.decode()


def test_two_organisations_are_kept_apart(world: World) -> None:
    """A namesake in Hillside is nobody to Riverside's finance."""
    other = add_person(actor=None, name="Cora Elsewhere", email="elsewhere@example.org")
    grant_role(
        actor=world.cast.otto,
        person=other,
        kind=RoleKind.CONTRIBUTOR,
        organisation=world.cast.hillside,
        project=world.cast.strange_project,
    )
    waiting_claim(other, world.cast.strange_project)
    assert groups(world.cast.farah, "cora")["Payees"] == ["Cora Contributor"]
    assert set(groups(world.cast.olga, "cora")) == {"Payees"}
    assert groups(world.cast.farah, "66374958") == {}
