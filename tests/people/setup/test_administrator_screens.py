"""What an administrator sets up on screen, what is refused in words, and what they never see."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from people.models import Channel, Link, Message, Organisation, Person, Project, Role, RoleKind, User
from people.services import grant_role, link
from tests.cast import Cast
from tests.people.browsers import browser, errors_of
from tests.people.setup.screens import day, filled, send

NEW = {
    "name": "Nia New",
    "channel": "email",
    "email": "Nia@Example.org",
    "paper_format": "large",
    "signs_in": "yes",
    "kind": "contributor",
}


@pytest.fixture
def abel(cast: Cast) -> Client:
    """Abel at the screen."""
    return browser(cast.abel)


def project_of(cast: Cast) -> dict[str, str]:
    return {"project": str(cast.project.pk)}


def test_the_organisation_is_changed_and_who_did_it_is_kept(abel: Client, cast: Cast) -> None:
    answer = send(abel, "/organisations/riverside/details/", days_to_pay="10", help_contact="Ring Rosa, 0113")
    assert answer.headers["Location"] == "/organisations/riverside/"
    found = Organisation.objects.get(code="riverside")
    assert (found.days_to_pay, found.help_contact, found.name) == (10, "Ring Rosa, 0113", "Riverside Council")
    assert found.history.first().history_user_id == cast.abel.pk
    assert "10 days" in abel.get("/organisations/riverside/").content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"days_to_pay": "soon"}, "The days to pay must be a number, like 2"),
        ({"days_to_pay": "0"}, "The days to pay must be between 1 and 90"),
        ({"small_group": "1"}, "The smallest group must be between 3 and 50"),
        ({"name": ""}, "Enter the name"),
        ({"help_contact": "x" * 301}, "Who to ask must be 300 characters or fewer"),
        (
            {"support_contact": "a\u202eb"},
            "This text has a hidden mark in it that turns its direction. Type it again.",
        ),
    ],
)
def test_bad_details_are_refused_in_words_and_nothing_typed_is_lost(
    abel: Client, cast: Cast, typed: dict[str, str], words: str
) -> None:
    answer = send(abel, "/organisations/riverside/details/", appeal_contact="Typed before", **typed)
    assert answer.status_code == 422
    assert errors_of(answer) == [words]
    page = answer.content.decode()
    assert "Error: " in page
    assert "Typed before" in page
    assert Organisation.objects.get(code="riverside").appeal_contact != "Typed before"


def test_a_stale_screen_is_refused_and_says_what_changed(abel: Client, cast: Cast) -> None:
    vera = browser(cast.vera)
    stale = vera.get("/organisations/riverside/details/")
    send(abel, "/organisations/riverside/details/", days_to_pay="10")
    answer = vera.post("/organisations/riverside/details/", filled(stale.content) | {"days_to_pay": ["12"]})
    assert answer.status_code == 409
    assert "Abel Administrator changed this after you opened it: days to pay" in answer.content.decode()
    assert Organisation.objects.get(code="riverside").days_to_pay == 10


def test_the_bank_line_is_shown_before_it_is_saved(abel: Client) -> None:
    path = "/organisations/riverside/bank-line/"
    shown = send(abel, path, statement_name="Café “Rivière” & Söhne Ltd", look="yes")
    assert shown.status_code == 200
    assert "CAFE RIVIERE & SOH" in shown.content.decode().replace("&amp;", "&")
    assert Organisation.objects.get(code="riverside").statement_name == "RIVERSIDE COUNCIL"
    assert send(abel, path, statement_name="Riverside pay").status_code == 302
    assert Organisation.objects.get(code="riverside").statement_name == "RIVERSIDE PAY"
    refused = send(abel, path, statement_name="شكرا")
    assert "Banks carry only the letters A to Z" in errors_of(refused)[0]


def test_somebody_is_added_with_a_part_and_a_login(abel: Client, cast: Cast) -> None:
    answer = send(abel, "/organisations/riverside/people/add/", **NEW, **project_of(cast))
    person = Person.objects.get(name="Nia New")
    assert answer.headers["Location"] == f"/people/{person.number}/"
    assert (person.email, person.paper_format) == ("nia@example.org", "large")
    assert User.objects.get(person=person).email == "nia@example.org"
    assert person.roles.get().project == cast.project
    assert set(Message.objects.filter(person=person).values_list("kind", flat=True)) == {
        "login_made",
        "role_given",
    }


def test_somebody_is_added_by_post_without_a_login(abel: Client, cast: Cast) -> None:
    by_post = NEW | {"channel": "post", "email": "", "address": "1 High Street\nLeeds", "signs_in": "no"}
    send(abel, "/organisations/riverside/people/add/", **by_post, **project_of(cast))
    person = Person.objects.get(name="Nia New")
    assert (person.channel, person.logins.count()) == (Channel.POST, 0)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": ""}, "Enter an e-mail address, or choose another way"),
        ({"email": "not one"}, "Enter an e-mail address in the right form, like name@example.org"),
        ({"channel": "post"}, "Enter where post may go, or choose another way"),
        ({"channel": "phone"}, "Enter a telephone number, or choose another way"),
        ({"channel": "pigeon"}, "Select how they want to hear from us"),
        ({"project": ""}, "Select a project"),
        ({"kind": "king"}, "Select their part"),
        ({"name": "\x07"}, "This text has a hidden control character in it. Type it again."),
        ({"email": "cora@example.org"}, "Cora Contributor ("),
        (
            {"email": "otto@example.org"},
            "This e-mail address cannot be used to sign in here. Ask for another one",
        ),
    ],
)
def test_a_bad_newcomer_is_refused_in_words_and_nobody_is_added(
    abel: Client, cast: Cast, typed: dict[str, str], words: str
) -> None:
    people = Person.objects.count()
    asked: dict[str, Any] = NEW | project_of(cast) | typed
    answer = send(abel, "/organisations/riverside/people/add/", **asked)
    assert answer.status_code == 422
    assert any(each.startswith(words) for each in errors_of(answer)), errors_of(answer)
    assert Person.objects.count() == people


def test_the_same_form_sent_twice_adds_one_person(abel: Client, cast: Cast) -> None:
    path = "/organisations/riverside/people/add/"
    asked = filled(abel.get(path).content) | NEW | project_of(cast)
    first, again = abel.post(path, asked), abel.post(path, asked)
    assert first.headers["Location"] == again.headers["Location"]
    assert Person.objects.filter(name="Nia New").count() == 1


def test_contact_changes_and_the_login_stays(abel: Client, cast: Cast) -> None:
    send(abel, f"/people/{cast.cora.number}/details/", email="new@example.org", paper_format="easy_read")
    cora = Person.objects.get(pk=cast.cora.pk)
    assert (cora.email, cora.paper_format) == ("new@example.org", "easy_read")
    assert cora.logins.get().email == "cora@example.org"
    assert cora.history.first().history_user_id == cast.abel.pk


def test_a_part_with_a_hand_on_money_waits_for_the_second_person(abel: Client, cast: Cast) -> None:
    send(abel, f"/people/{cast.dev.number}/parts/riverside/", kind="approver")
    role = cast.dev.roles.get(kind="approver")
    assert "Waits for a second person" in abel.get(f"/people/{cast.dev.number}/").content.decode()
    own = abel.get(f"/roles/{role.pk}/confirm/").content.decode()
    assert "Somebody else has to confirm a part that you gave." in own
    assert "Confirm this part</button>" not in own
    farah = browser(cast.farah)
    assert "dev@example.org" in farah.get(f"/roles/{role.pk}/confirm/").content.decode()
    assert send(farah, f"/roles/{role.pk}/confirm/").headers["Location"] == "/roles/"
    assert Role.objects.get(pk=role.pk).confirmed_by == cast.farah


def test_a_link_is_made_and_ended(abel: Client, cast: Cast) -> None:
    path = f"/people/{cast.dev.number}/links/add/"
    send(abel, path, link_person=str(cast.lena.pk))
    made = Link.objects.get(contributor=cast.dev)
    assert made.link_person == cast.lena
    again = send(abel, path, link_person=str(cast.lena.pk))
    assert errors_of(again) == ["Lena Link already helps this person"]
    send(abel, f"/people/{cast.dev.number}/links/{made.pk}/end/", **day("on", 1, 6, 2027))
    assert Link.objects.get(pk=made.pk).until == date(2027, 6, 1)


def test_who_leaves_has_every_part_ended(abel: Client, cast: Cast) -> None:
    answer = send(abel, f"/people/{cast.cora.number}/leave/riverside/", **day("on", 1, 6, 2025))
    assert answer.status_code == 302
    assert set(cast.cora.roles.values_list("until", flat=True)) == {date(2025, 6, 1)}
    assert Link.objects.get(contributor=cast.cora).until == date(2025, 6, 1)
    assert "No part in the work now" in abel.get(f"/people/{cast.cora.number}/").content.decode()


def test_the_list_finds_names_and_numbers_of_ones_own_people_only(abel: Client, cast: Cast) -> None:
    def found(asked: str) -> list[str]:
        page = abel.get("/people/", {"q": asked}).content.decode()
        return re.findall(r'href="/people/(P\d+)/"', page)

    assert found("cora") == [cast.cora.number]
    assert found(cast.dev.number) == [cast.dev.number]
    assert found("otto") == found(cast.olga.number) == []
    for odd in ("\x00", "%", "'; DROP TABLE people_person; --", "🙂", "x" * 5000):
        assert abel.get("/people/", {"q": odd}).status_code == 200


def test_lists_ask_the_same_number_of_queries_however_long_they_are(
    abel: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        typed = NEW | project_of(cast) | {"name": f"Person {number}", "email": f"p{number}@example.org"}
        send(abel, "/organisations/riverside/people/add/", **typed)
    for path, most in (("/people/", 12), (f"/organisations/riverside/projects/{cast.project.pk}/", 12)):
        with django_assert_max_num_queries(most):
            assert abel.get(path).status_code == 200


def test_a_project_is_added_changed_and_shared(abel: Client, cast: Cast) -> None:
    typed = {
        "code": "proj-n",
        "name": "New work",
        "purpose": "To find out.",
        "lead": str(cast.anil.pk),
        "administrator": str(cast.lena.pk),
        **day("starts_on", 1, 1, 2027),
        **day("ends_on", 31, 12, 2027),
    }
    path = "/organisations/riverside/projects/add/"
    early = send(abel, path, **typed | day("ends_on", 31, 12, 2026))
    assert errors_of(early) == ["The last day must be on or after the first day"]
    assert errors_of(send(abel, path, **typed | {"code": "PROJ-A"})) == [
        "Another project has this code already"
    ]
    assert errors_of(send(abel, path, **typed | {"code": "a b"}))[0].startswith("A code has only letters")
    assert errors_of(send(abel, path, **typed | {"lead": str(cast.olga.pk)})) == ["Select who leads it"]
    where = send(abel, path, **typed).headers["Location"]
    project = Project.objects.get(code="PROJ-N")
    assert "cannot decide claims yet" in abel.get(where).content.decode()
    send(abel, f"{where}change/", name="Newer work")
    assert Project.objects.get(pk=project.pk).name == "Newer work"
    shares = {f"share-{cast.riverside.pk}": "2", f"share-{cast.hillside.pk}": "1"}
    send(abel, f"{where}shares/", **shares)
    assert "Riverside Council: 2 parts (67%)" in abel.get(where).content.decode()
    send(abel, f"{where}shares/", **{f"share-{cast.hillside.pk}": "0"})
    assert [each.organisation for each in project.partners.all()] == [cast.riverside]
    nobody = send(abel, f"{where}shares/", **dict.fromkeys(shares, "0"))
    assert errors_of(nobody) == ["Somebody has to carry the cost. Give at least one organisation a share"]


def test_a_link_of_another_organisation_is_not_there(abel: Client, cast: Cast) -> None:
    grant_role(
        actor=cast.otto,
        person=cast.bea,
        kind=RoleKind.CONTRIBUTOR,
        organisation=cast.hillside,
        project=cast.strange_project,
    )
    theirs = link(actor=cast.otto, organisation=cast.hillside, contributor=cast.bea, link_person=cast.olga)
    assert abel.get(f"/people/{cast.bea.number}/links/{theirs.pk}/end/").status_code == 404
    page = abel.get(f"/people/{cast.bea.number}/").content.decode()
    assert "Olga" not in page
    assert "Hillside" not in page


def test_no_page_of_an_administrator_tells_of_money(world: Any, abel: Client, cast: Cast) -> None:
    """Cora was paid and has claims: none of it is on any page that Abel can open."""
    paths = [
        "/",
        "/people/",
        f"/people/{cast.cora.number}/",
        f"/people/{cast.cora.number}/details/",
        "/organisations/riverside/",
        f"/organisations/riverside/projects/{cast.project.pk}/",
        f"/history/person/{cast.cora.number}/",
    ]
    for path in paths:
        page = abel.get(path).content.decode()
        for secret in ("12.50", "40.00", "66374958", "089999", "4958", world.paid.reference, "EXP 0"):
            assert secret not in page, (path, secret)
