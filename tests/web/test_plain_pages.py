"""Privacy and accessibility: open to everybody, true, and with the contacts of nobody else's organisation."""

import re

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Cast
from tests.web.conftest import SignIn

PAGES = ("/privacy/", "/accessibility/")


@pytest.mark.parametrize("url", PAGES)
def test_anybody_reads_it_signed_out(url: str, cast: Cast) -> None:
    shown = Client().get(url).content.decode()
    assert "Ask the person who invited you" in shown
    assert cast.riverside.help_contact not in shown
    assert Client().post(url).status_code == 405


@pytest.mark.parametrize("url", PAGES)
def test_it_names_whom_to_turn_to_in_the_readers_own_organisation(
    url: str, cast: Cast, signed_in: SignIn
) -> None:
    for person, organisation in ((cast.cora, "Riverside Council"), (cast.otto, "Hillside Trust")):
        shown = signed_in(person).get(url).content.decode()
        assert re.findall(r'<h3 class="govuk-heading-s">(.*?)</h3>', shown) == [organisation]
        assert "review@example.org" in shown


@pytest.mark.parametrize("url", PAGES)
def test_every_page_leads_there_from_its_foot(url: str, cast: Cast, signed_in: SignIn) -> None:
    for client, page in ((Client(), "/account/login/"), (signed_in(cast.cora), "/")):
        assert f'<a class="govuk-link" href="{url}">' in client.get(page).content.decode()


def test_what_it_says_of_cookies_is_so(cast: Cast, signed_in: SignIn) -> None:
    shown = Client().get("/privacy/").content.decode()
    assert "after 12 hours at the latest" in shown
    assert (settings.SESSION_COOKIE_AGE, settings.SESSION_EXPIRE_AT_BROWSER_CLOSE) == (12 * 3600, True)
    assert "stays for a year" in shown
    assert pytest.approx(365 * 24 * 3600, rel=0.01) == settings.CSRF_COOKIE_AGE
    client = signed_in(cast.cora)
    client.get("/how-we-write-to-you/")
    client.get("/account/login/")
    assert set(client.cookies) <= {"sessionid", "csrftoken", "messages"}


def test_what_it_says_of_other_companies_is_so() -> None:
    """Nothing on a page is loaded from elsewhere, and the policy of the page forbids it."""
    answer = Client().get("/privacy/")
    assert "These pages load nothing from other companies" in answer.content.decode()
    assert not re.findall(rb'(?:src|<link[^>]* href)="(?:https?:)?//', answer.content)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_it_explains_both_walls(cast: Cast) -> None:
    shown = Client().get("/privacy/").content.decode()
    assert 'id="your-answer"' in shown
    assert "Whoever decides your claim sees no answer and no fee." in shown
    assert "Finance sees what is due and no answer." in shown
