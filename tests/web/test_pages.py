"""What every page keeps to: walls, headers, nothing changed by looking, no query per row, no bad input."""

from collections.abc import Iterator
from itertools import product

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actions import Action
from audit.models import Event
from claims.models import Outcome
from claims.services import claiming
from claims.services.deciding import decide
from payments.models import Payment
from people.models import User
from tests.payments.office import fare, sent
from tests.web.conftest import SignIn
from tests.web.world import World, waiting_claim


def _pages(world: World) -> dict[str, list[str]]:
    """Every kind of page, by somebody who may open it."""
    cast = world.cast
    return {
        "cora": ["/", "/claims/", f"/claims/{world.paid.reference}/", "/payments/"],
        "lena": ["/", "/claims/", f"/claims/{world.waiting.reference}/"],
        "anil": ["/", "/claims/", f"/claims/{world.waiting.reference}/", f"/projects/{cast.project.pk}/"],
        "fern": [
            "/",
            "/claims/",
            f"/claims/{world.paid.reference}/",
            "/payments/",
            f"/payments/{world.payment.pk}/",
            "/payments/runs/",
            f"/payments/runs/{world.run.pk}/",
            "/projects/",
            f"/projects/{cast.project.pk}/budget.svg",
            f"/history/claim/{world.paid.reference}/",
            f"/history/run/{world.run.pk}/",
        ],
        "ada": ["/", "/trail/", f"/history/person/{cast.cora.number}/"],
        "abel": ["/", f"/history/person/{cast.cora.number}/"],
    }


def _visits(world: World, signed_in: SignIn) -> Iterator[tuple[Client, str, str]]:
    for name, urls in _pages(world).items():
        client = signed_in(getattr(world.cast, name))
        for url in urls:
            yield client, name, url


def test_every_page_carries_its_headers(world: World, signed_in: SignIn) -> None:
    for client, name, url in _visits(world, signed_in):
        headers = client.get(url).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"], (name, url)
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store, private"


def test_error_pages_carry_the_headers_too(world: World, signed_in: SignIn) -> None:
    for url in ("/claims/", "/payments/999999999/", "/nowhere/"):
        answer = signed_in(world.cast.otto).get(url)
        assert answer.status_code in {403, 404}
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_looking_changes_nothing(world: World, signed_in: SignIn) -> None:
    visits = list(_visits(world, signed_in))
    before = _everything()
    for client, name, url in visits:
        assert client.get(url).status_code == 200, (name, url)
        assert _everything() == before, (name, url)


def _everything() -> dict[str, int]:
    """How many rows every table has; sessions come and go."""
    tables = set(connection.introspection.table_names()) - {"django_session"}
    return {table: _rows(table) for table in tables}


def _rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_opening_a_remittance_advice_is_recorded(world: World, signed_in: SignIn) -> None:
    url = reverse("payments:remittance", args=[world.remittance.number])
    seen = Event.objects.filter(action=Action.REMITTANCE_SEEN, about_id=world.cast.cora.pk)
    answer = signed_in(world.cast.cora).get(url)
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{world.remittance.number}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store, private"
    signed_in(world.cast.fern).get(url)
    assert [event.actor_id for event in seen.order_by("pk")] == [world.cast.cora.pk, world.cast.fern.pk]


def test_asking_only_for_the_headers_of_an_advice_records_nothing(world: World, signed_in: SignIn) -> None:
    url = reverse("payments:remittance", args=[world.remittance.number])
    assert signed_in(world.cast.cora).head(url).status_code == 200
    assert not Event.objects.filter(action=Action.REMITTANCE_SEEN).exists()


def test_a_form_without_its_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(person=world.cast.cora))
    answer = client.post("/account/logout/")
    assert answer.status_code == 403
    assert b"This form has expired" in answer.content
    assert client.get("/").status_code == 200  # still signed in


def test_a_lead_sees_no_fee_and_no_answer(world: World, signed_in: SignIn) -> None:
    """£60 for three hours and £40 for two stand on Cora's pages, on no page of Anil's claims."""
    client = signed_in(world.cast.anil)
    pages = ["/", "/claims/", "/claims/?view=lead&status=decided", f"/claims/{world.waiting.reference}/"]
    pages += [f"/history/claim/{world.waiting.reference}/"]
    for url in pages:
        shown = client.get(url).content.decode()
        assert not {"60.00", "40.00", "64.50", "took", "chose"} & set(shown.replace("£", " ").split()), url
    assert "64.50" in signed_in(world.cast.cora).get(f"/claims/{world.waiting.reference}/").content.decode()


def test_finance_sees_a_fee_as_one_amount_without_hours(world: World, signed_in: SignIn) -> None:
    fee_claim = Payment.objects.get(person=world.cast.cora, counts_as="fee").items.get().line.claim
    shown = signed_in(world.cast.fern).get(f"/claims/{fee_claim.reference}/").content.decode()
    assert "£40.00" in shown
    assert "hour" not in shown
    assert "session" not in shown


def test_a_claim_that_waits_is_no_business_of_finance(world: World, signed_in: SignIn) -> None:
    assert signed_in(world.cast.fern).get(f"/claims/{world.waiting.reference}/").status_code == 404


def test_nobody_sees_a_whole_account_number(world: World, signed_in: SignIn) -> None:
    for client, name, url in _visits(world, signed_in):
        shown = client.get(url).content.decode()
        assert "66374958" not in shown, (name, url)
        assert "089999" not in shown, (name, url)
    page = signed_in(world.cast.fern).get(f"/payments/{world.payment.pk}/").content.decode()
    assert "ending 58" in page


def test_an_administrator_sees_no_claim_and_no_money(world: World, signed_in: SignIn) -> None:
    home = signed_in(world.cast.abel).get("/").content.decode()
    assert "£" not in home
    assert world.waiting.reference not in home


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200, url
    return len(seen)


def test_lists_and_pages_ask_no_more_for_more_rows(world: World, signed_in: SignIn) -> None:
    """Two claims waiting, then forty more; one run, then three; each with its events."""
    cast = world.cast
    visits = [(client, name, url) for client, name, url in _visits(world, signed_in)]
    before = {(name, url): _queries(client, url) for client, name, url in visits}
    for _ in range(40):
        waiting_claim(cast.cora, cast.project)
    for pence in (100, 200):
        fare(cast, cast.cora, pence)
        fare(cast, cast.dev, pence)
        sent(cast, world.account)
    after = {(name, url): _queries(client, url) for client, name, url in visits}
    assert after == before
    assert max(after.values()) <= 40, after


def test_a_claim_asks_no_more_for_more_lines(world: World, signed_in: SignIn) -> None:
    cast, draft = world.cast, world.draft
    client = signed_in(cast.cora)
    before = _queries(client, f"/claims/{draft.reference}/")
    bus = draft.lines.get(mode="bus")
    for _ in range(20):
        claiming.add_line(
            actor=cast.cora, claim_id=draft.pk, on=bus.date, kind="fare", mode="bus", spent=bus.spent
        )
    assert _queries(client, f"/claims/{draft.reference}/") == before


def test_lists_go_back_page_by_page_without_losing_or_repeating(world: World, signed_in: SignIn) -> None:
    made = [waiting_claim(world.cast.cora, world.cast.project, send=False).reference for _ in range(60)]
    client, seen, url = signed_in(world.cast.cora), [], "/claims/"
    while url:
        found = client.get(url).context["found"]
        seen += [row.claim.reference for row in found.rows]
        url = f"/claims/{found.older}" if found.older else ""
    assert len(seen) == len(set(seen))
    assert set(made) < set(seen)
    assert seen == sorted(seen, reverse=True)


BAD = ("abc", "%00", "9" * 400, "-1", "1e9", "%F0%9F%99%82", "%ED%A0%80", "١٢", "0", "' OR 1=1 --")


def test_a_bad_page_key_shows_the_first_page(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.cast.fern)
    urls = ("/claims/", "/payments/", "/payments/runs/", "/projects/", f"/history/run/{world.run.pk}/")
    for url, name, bad in product(urls, ("before", "after", "view", "status", "unheard_of"), BAD):
        assert client.get(f"{url}?{name}={bad}").status_code == 200, (url, name, bad)


BAD_ADDRESSES = (
    "/claims/C00004%00/",
    "/claims/" + "C" * 5000 + "/",
    "/claims/C99999999999999999999/",
    "/claims/%F0%9F%99%82/",
    "/claims/%ED%A0%80/",
    "/claims/C١٢٣٤٥٦/",
    "/payments/99999999999999999999/",
    "/payments/999999999999999999/",
    "/payments/-1/",
    "/payments/runs/1'/",
    "/payments/remittances/R000001/../",
    "/history/nothing/1/",
    "/history/claim/1/",
    "/history/run/C000001/",
    "/history/payment/999999999999999999/",
    "/projects/1/budget.svg%0A",
)


def test_a_bad_address_is_not_found(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.cast.fern)
    for address in BAD_ADDRESSES:
        assert client.get(address).status_code == 404, address


def test_the_history_names_who_looked_at_bank_details(world: World, signed_in: SignIn) -> None:
    """The person and the auditor read it; the administrator reads of roles, not of the bank."""
    url = f"/history/person/{world.cast.cora.number}/"
    for reader, sees in (("cora", True), ("ada", True), ("abel", False)):
        shown = signed_in(getattr(world.cast, reader)).get(url).content.decode()
        assert ("verified bank details" in shown) is sees, reader
        assert "gave a role" in shown
    assert signed_in(world.cast.otto).get(url).status_code == 404


def test_finance_history_leaves_out_decisions_that_gave_nothing(world: World, signed_in: SignIn) -> None:
    """A decision on a line that allowed nothing would tell that a fee was declined."""
    cast, claim = world.cast, world.waiting
    fare_line, time_line = claim.lines.order_by("position")
    decide(actor=cast.anil, line_id=fare_line.pk, outcome=Outcome.APPROVE)
    decide(actor=cast.anil, line_id=time_line.pk, outcome=Outcome.REFUSE, reason="Nobody was there.")
    url = f"/history/claim/{claim.reference}/"
    told = {name: _decisions(signed_in(getattr(cast, name)), url) for name in ("cora", "anil", "fern", "ada")}
    assert told == {"cora": 2, "anil": 2, "fern": 1, "ada": 1}


def _decisions(client: Client, url: str) -> int:
    return sum(row.what == Action.LINE_DECIDED.label for row in client.get(url).context["history"].rows)


def test_the_state_of_a_claim_follows_the_money(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.cast.cora)
    states = {row.claim.reference: row.state.text for row in client.get("/claims/").context["found"].rows}
    assert states[world.draft.reference] == "Not sent yet"
    assert states[world.waiting.reference] == "Waiting for a decision"
    assert states[world.paid.reference] == "On its way to your bank"
