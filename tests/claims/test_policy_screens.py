"""A rate policy is read, proposed and confirmed on screen; everybody who was invited reads what is paid."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from audit.models import Event
from claims.models import RatePolicy
from claims.policy_words import policy_words
from claims.pricing.policy_file import read_policy
from claims.queries import NoPolicy, policy_in_force
from claims.services.policies import confirm_policy, import_policy
from common.dates import now, today
from common.errors import IllegalMove, NotPermitted
from people.models import Person, RoleKind
from people.services import end_role
from tests.cast import Cast, put_in_force
from tests.claims.paper import POLICY
from tests.people.browsers import browser, errors_of
from tests.people.setup.screens import filled, send

NEXT = POLICY.replace('amount = "0.24"', 'amount = "0.26"')
PATH = "/policies/riverside/"


def proposed(cast: Cast, text: str = POLICY) -> RatePolicy:
    return import_policy(actor=cast.farah, organisation=cast.riverside, text=text)


def test_a_proposed_policy_is_not_in_force_before_a_second_person_confirms_it(cast: Cast) -> None:
    policy = proposed(cast)
    with pytest.raises(NoPolicy):
        policy_in_force(cast.riverside)
    confirmed = confirm_policy(actor=cast.fern, policy_id=policy.pk)
    assert policy_in_force(cast.riverside) == confirmed
    assert (confirmed.confirmed_by, Event.objects.latest("pk").action) == (cast.fern, "policy:confirmed")
    proposed(cast, NEXT)
    assert policy_in_force(cast.riverside) == confirmed


def test_a_policy_is_confirmed_once_and_only_the_newest(cast: Cast) -> None:
    first = proposed(cast)
    second = proposed(cast, NEXT)
    with pytest.raises(IllegalMove, match="newer version"):
        confirm_policy(actor=cast.fern, policy_id=first.pk)
    confirm_policy(actor=cast.fern, policy_id=second.pk)
    with pytest.raises(IllegalMove, match="already in force"):
        confirm_policy(actor=cast.fern, policy_id=second.pk)


@pytest.mark.parametrize("name", ["farah", "cora", "lena", "anil", "hana", "ada", "abel", "otto", "olga"])
def test_only_somebody_else_in_finance_confirms(cast: Cast, name: str) -> None:
    policy = proposed(cast)
    with pytest.raises(NotPermitted):
        confirm_policy(actor=getattr(cast, name), policy_id=policy.pk)
    with pytest.raises(NoPolicy):
        policy_in_force(cast.riverside)


@pytest.mark.parametrize(
    ("who", "timed", "name"),
    [
        ("farah", True, "a_second_person_confirms_a_policy"),
        ("fern", False, "who_confirms_a_policy_says_when"),
        ("", True, "who_confirms_a_policy_says_when"),
    ],
)
def test_the_database_refuses_a_confirmation_without_a_second_person(
    cast: Cast, who: str, timed: bool, name: str
) -> None:
    policy = proposed(cast)
    policy.confirmed_by = getattr(cast, who) if who else None
    policy.confirmed_at = now() if timed else None
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        policy.save(update_fields=["confirmed_by", "confirmed_at"])


def test_it_is_read_in_plain_words_then_proposed_then_put_in_force(cast: Cast) -> None:
    put_in_force(cast, POLICY)
    farah, fern = browser(cast.farah), browser(cast.fern)
    read = send(farah, f"{PATH}propose/", text=NEXT)
    page = read.content.decode()
    assert read.status_code == 200
    assert "26p for each mile." in page
    assert "£27.50 for up to 1 hour, £55.00 for up to 2 hours" in page
    assert cast.riverside.policies.count() == 1
    answer = farah.post(f"{PATH}propose/", filled(read.content))
    assert answer.headers["Location"] == f"{PATH}2/"
    own = farah.get(f"{PATH}2/").content.decode()
    assert "Somebody else has to put in force a rate policy that you proposed." in own
    assert "Put this policy in force</button>" not in own
    changes = fern.get(f"{PATH}2/").content.decode().partition("The whole policy")[0]
    assert "26p for each mile." in changes
    assert "24p for each mile." in changes
    assert "What you paid" not in changes
    assert send(fern, f"{PATH}2/").status_code == 302
    assert policy_in_force(cast.riverside).version == 2


def test_a_file_is_read_as_what_was_pasted(cast: Cast) -> None:
    farah = browser(cast.farah)
    asked = filled(farah.get(f"{PATH}propose/").content)
    file = SimpleUploadedFile("policy.toml", ("\ufeff" + POLICY.replace("\n", "\r\n")).encode())
    read = farah.post(f"{PATH}propose/", asked | {"file": file})
    farah.post(f"{PATH}propose/", filled(read.content))
    stored = cast.riverside.policies.get()
    assert stored.rates.count() == 15


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (POLICY.replace('"0.55"', '"much"'), "Rate row 2 (mileage, car): amount: must be a number"),
        (POLICY.replace('"passenger"', '"horse"'), "“horse” is not known"),
        (POLICY.replace('"GBP"', '"EUR"'), "EUR is not the currency of Riverside Council"),
        ("not a policy", "is not a TOML file"),
        ("", "Choose a file, or paste what is in it"),
        ("\x07", "hidden control character"),
        ("<script>alert(1)</script>", "is not a TOML file"),
    ],
)
def test_a_policy_that_is_wrong_is_refused_by_name_and_nothing_is_lost(
    cast: Cast, text: str, told: str
) -> None:
    answer = send(browser(cast.farah), f"{PATH}propose/", text=text)
    assert answer.status_code == 422
    assert any(told in each for each in errors_of(answer)), errors_of(answer)
    assert "<script>alert" not in answer.content.decode()
    assert filled(answer.content)["text"][0].strip() == text.strip()
    assert not RatePolicy.objects.exists()


def test_every_problem_of_a_policy_is_said_at_once(cast: Cast) -> None:
    wrong = POLICY.replace('"0.55"', '"much"').replace('"passenger"', '"horse"')
    assert len(errors_of(send(browser(cast.farah), f"{PATH}propose/", text=wrong))) == 2


@pytest.mark.parametrize("name", ["cora", "lena", "anil", "hana", "fern", "farah", "ada", "abel"])
def test_everybody_who_was_invited_reads_what_we_pay(cast: Cast, name: str) -> None:
    put_in_force(cast, POLICY)
    client = browser(getattr(cast, name))
    assert client.get("/what-we-pay/").headers["Location"] == "/what-we-pay/riverside/"
    page = client.get("/what-we-pay/riverside/").content.decode()
    assert "55p for each of the first 10,000 miles in a tax year, then 25p." in page
    assert "You can take all of it, less, or none of it" in page
    assert client.get("/what-we-pay/hillside/").status_code == 404


def test_older_versions_stay_to_be_read_and_proposed_ones_do_not_show(cast: Cast) -> None:
    put_in_force(cast, POLICY)
    put_in_force(cast, NEXT)
    proposed(cast, NEXT.replace("0.26", "0.28"))
    cora = browser(cast.cora)
    assert "26p for each mile." in cora.get("/what-we-pay/riverside/").content.decode()
    old = cora.get("/what-we-pay/riverside/1/").content.decode()
    assert "24p for each mile." in old
    assert "no longer in force" in old
    for version in ("3", "9"):
        assert cora.get(f"/what-we-pay/riverside/{version}/").status_code == 404


def test_a_contributor_whose_part_ended_still_reads_it_and_a_helper_does_not(cast: Cast) -> None:
    put_in_force(cast, POLICY)
    for person, kind in ((cast.cora, RoleKind.CONTRIBUTOR), (cast.lena, RoleKind.LINK)):
        role = person.roles.get(kind=kind)
        end_role(actor=cast.abel, role_id=role.pk, on=today() - timedelta(days=1))
    assert browser(cast.cora).get("/what-we-pay/riverside/").status_code == 200
    assert browser(cast.lena).get("/what-we-pay/riverside/").status_code == 404


def test_there_is_a_page_before_there_are_rates(cast: Cast) -> None:
    assert "There are no rates yet" in browser(cast.cora).get("/what-we-pay/riverside/").content.decode()


def test_rates_are_told_by_what_they_are_for_and_when() -> None:
    words = policy_words(read_policy(POLICY))
    session = [row for row in words.time if row.what == "Time, session"]
    assert [str(row.starts) for row in session] == ["2025-12-16", "2020-01-01"]
    [others] = [row for row in words.time if row not in session]
    assert others.what.startswith("Time (preparation, pre-meeting, chairing")
    assert others.pays == "£27.50 for each hour."
    assert words.late.startswith(
        "When we call something off with less than 24 hours’ notice, you still get all"
    )


@pytest.mark.parametrize(
    ("share", "hours", "said"),
    [
        ("0.50", 24, "50% of the money for your time"),
        ("0", 24, "you get the costs"),
        ("1.00", 0, "You get back"),
    ],
)
def test_what_follows_a_late_cancellation_is_told_as_the_policy_has_it(
    share: str, hours: int, said: str
) -> None:
    text = POLICY.replace('late_cancellation_share = "1.00"', f'late_cancellation_share = "{share}"')
    text = text.replace("late_cancellation_hours = 24", f"late_cancellation_hours = {hours}")
    assert said in policy_words(read_policy(text)).late


def test_a_band_without_its_edge_is_told_so() -> None:
    text = POLICY.replace('boundary = "inclusive"', 'boundary = "exclusive"')
    assert "£27.50 for less than 1 hour" in policy_words(read_policy(text)).time[1].pays


def keepers(cast: Cast) -> list[tuple[Person, bool]]:
    return [(cast.abel, True), (cast.farah, True), (cast.fern, False), (cast.ada, False)]


def test_the_list_offers_a_proposal_only_to_those_who_may(cast: Cast) -> None:
    put_in_force(cast, POLICY)
    for person, may in keepers(cast):
        client: Client = browser(person)
        assert ("Propose a policy" in client.get(PATH).content.decode()) is may
        assert (client.get(f"{PATH}propose/").status_code == 200) is may
