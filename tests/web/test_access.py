"""Every address × everybody × every method × whose record it is: the answer is the declared one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from common.dates import today
from config.access import FORM, READ, TABLE, Reach
from people.models import RoleKind
from people.services import end_role
from people.standing import Standing
from tests.cast import Cast, give_role
from tests.claims.meetings import invited
from tests.web import bank_addresses as bank
from tests.web import by_hand_addresses as by_hand
from tests.web import concern_addresses as concerns
from tests.web import deciding_addresses as deciding
from tests.web import export_addresses as exporting
from tests.web import guidance_addresses as guidance
from tests.web import journey_addresses as journey
from tests.web import learning_addresses as learning
from tests.web import message_addresses as telling
from tests.web import month_addresses as months
from tests.web import own_money_addresses as own_money
from tests.web import payee_addresses as payees
from tests.web import payroll_addresses as payroll
from tests.web import run_addresses as running
from tests.web import setting_up
from tests.web import way_addresses as ways
from tests.web.conftest import SignIn
from tests.web.world import World

ACTORS = ("nobody", "cora", "lena", "anil", "hana", "fern", "farah", "ada", "abel", "bea", "otto")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")

# Who sees which records. Cora's are `own`, Dev's `other`, Bea's claim in Hillside `strange`.
_RIVERSIDE = {"own", "other"}
_CHECKERS = dict.fromkeys(("fern", "farah", "ada"), _RIVERSIDE)
_DECIDERS = dict.fromkeys(("anil", "hana"), _RIVERSIDE)
SEEN: dict[str, dict[str, set[str]]] = {
    "claims:claim": {"cora": {"own"}, "lena": {"own"}, "bea": {"strange"}, **_DECIDERS, **_CHECKERS},
    "invitations:invitation": {"cora": {"own"}},
    "invitations:answer": {"cora": {"own"}},
    "invitations:answered": {"cora": {"own"}},
    "invitations:costs": {"cora": {"own"}},
    "invitations:time": {"cora": {"own"}},
    "invitations:read-out": {"lena": {"own"}},
    "invitations:sheet": {"cora": {"own"}, "lena": {"own"}},
    "payments:payment": {"cora": {"own"}, **_CHECKERS},
    "payments:remittance": {"cora": {"own"}, **_CHECKERS},
    "payments:run": {name: {"own"} for name in _CHECKERS},
    "reports:position": {"bea": {"other"}, "anil": {"own"}, "hana": {"own"}, **_CHECKERS},
    "reports:picture": {"bea": {"other"}, "anil": {"own"}, "hana": {"own"}, **_CHECKERS},
    "reports:history": {"cora": {"own"}, "lena": {"own"}, "bea": {"strange"}, **_DECIDERS, **_CHECKERS},
    **bank.SEEN,
    **deciding.SEEN,
    **exporting.SEEN,
    **guidance.SEEN,
    **journey.SEEN,
    **learning.SEEN,
    **running.SEEN,
    **months.SEEN,
    **telling.SEEN,
    **own_money.SEEN,
    **payees.SEEN,
    **payroll.SEEN,
    **by_hand.SEEN,
    **concerns.SEEN,
    **setting_up.SEEN,
    **ways.SEEN,
}
# Functions of a part in the work: who has that part. Everybody else who is signed in gets 403.
OPENED: dict[str, set[str]] = {
    "home": set(ACTORS) - {"nobody"},
    "claims:list": {"cora", "lena", "anil", "hana", "fern", "farah", "ada", "bea"},
    "payments:list": {"cora", "fern", "farah", "ada", "bea"},
    "payments:runs": {"fern", "farah", "ada"},
    "reports:projects": {"anil", "hana", "fern", "farah", "ada", "bea"},
    "reports:trail": {"ada"},
    "invitations:list": {"cora", "lena", "bea"},
    "invitations:usual": {"cora", "bea"},
    "bank-details:overview": {"cora", "bea"},
    "bank-details:change": {"cora", "bea"},
    "bank-details:sent": {"cora", "bea"},
    "contact:overview": set(ACTORS) - {"nobody"},
    "contact:change": set(ACTORS) - {"nobody"},
    **bank.OPENED,
    **exporting.OPENED,
    **guidance.OPENED,
    **journey.OPENED,
    **learning.OPENED,
    **running.OPENED,
    **months.OPENED,
    **telling.OPENED,
    **own_money.OPENED,
    **payees.OPENED,
    **payroll.OPENED,
    **by_hand.OPENED,
    **concerns.OPENED,
    **setting_up.OPENED,
    **ways.OPENED,
}
# Pages that may lead on to another one: to a fresh proof, or back because there is nothing to do.
LEAD_ON = (
    {
        "bank-details:change",
        "bank-details:sent",
        "contact:change",
        "invitations:answered",
        "invitations:costs",
        "invitations:time",
    }
    | bank.LEAD_ON
    | journey.LEAD_ON
    | running.LEAD_ON
    | months.LEAD_ON
    | setting_up.LEAD_ON
    | payees.LEAD_ON
    | concerns.LEAD_ON
    | by_hand.LEAD_ON
)


def _names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _names(each.url_patterns, f"{prefix}{each.namespace}:" if each.namespace else prefix)
        else:
            yield f"{prefix}{each.name}"


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(_names(get_resolver().url_patterns)) == set(TABLE)


def _addresses(world: World) -> dict[str, dict[str, str]]:
    """One address for each record of each kind, by whose it is."""
    cast, claim = world.cast, {"own": world.paid, "other": world.devs, "strange": world.strange}
    found = {
        "claims:claim": {who: [each.reference] for who, each in claim.items()} | {"missing": ["C999999"]},
        "payments:payment": _keys(own=world.payment.pk, other=world.devs_payment.pk),
        "payments:remittance": {
            "own": [world.remittance.number],
            "other": [world.devs_remittance.number],
            "missing": ["R999999"],
        },
        "payments:run": _keys(own=world.run.pk),
        "reports:position": _keys(
            own=cast.project.pk, other=cast.other_project.pk, strange=cast.strange_project.pk
        ),
        "reports:history": {who: ["claim", each.reference] for who, each in claim.items()},
    }
    found["reports:picture"] = found["reports:position"]
    offers = invited(cast)
    for name in (each for each in SEEN if each.startswith("invitations:")):
        found[name] = _keys(own=offers[0].pk, other=offers[1].pk)
    found["reports:history"]["missing"] = ["claim", "C999999"]
    found |= bank.addresses(world)
    found |= deciding.addresses(world) | journey.addresses(world) | telling.addresses(world)
    found |= running.addresses(world)
    found |= own_money.addresses(world)
    found |= payees.addresses(world)
    found |= learning.addresses(world)
    found |= payroll.addresses(world)
    found |= by_hand.addresses(world)
    found |= months.addresses(world)
    found |= exporting.addresses(world)
    found |= guidance.addresses(world)
    found |= concerns.addresses(world)
    found |= ways.addresses(world)
    found.update(setting_up.arguments(world))
    return {
        name: {who: reverse(name, args=arguments) for who, arguments in of.items()}
        for name, of in found.items()
    }


def _keys(**of: int) -> dict[str, list[str]]:
    return {**{who: [str(key)] for who, key in of.items()}, "missing": ["999999999"]}


def _wanted(name: str, actor: str, owner: str, method: str) -> set[int]:
    """The answers that are right. A form that is sent empty is shown again, unless it leads on."""
    if method not in TABLE[name].methods:
        return {405}
    if actor == "nobody":
        return {302}
    if name in OPENED and actor not in OPENED[name]:
        return {403}
    if name in SEEN and owner not in SEEN[name].get(actor, set()):
        return {404}
    if name in learning.SHOWN:
        return {200}
    return {200 if method in READ else 422} | ({302, 403} if name in LEAD_ON else set())


def _methods(name: str, all_of_them: bool) -> Iterator[str]:
    """GET and POST where they are declared, and for one record of each kind, a different one for each person,
    all methods: HEAD is answered by what answers GET, and others are refused before any record is looked up.
    """
    return (method for method in METHODS if all_of_them or method in TABLE[name].methods - {"HEAD"})


@pytest.mark.usefixtures("walking")
@pytest.mark.parametrize("actors", [ACTORS[::2], ACTORS[1::2]], ids=["one half", "the other"])
def test_our_own_pages_answer_as_declared(actors: tuple[str, ...], world: World, signed_in: SignIn) -> None:
    arguments = {"contact:change": ["email"]}
    opened = {name: {"own": reverse(name, args=arguments.get(name))} for name in OPENED}
    addresses = _addresses(world) | opened
    wrong: list[str] = []
    for actor in actors:
        client = signed_in(None if actor == "nobody" else getattr(world.cast, actor))
        for name, of in addresses.items():
            for nth, (owner, url) in enumerate(of.items()):
                for method in _methods(name, ACTORS.index(actor) % len(of) == nth):
                    got = client.generic(method, url).status_code
                    if got not in (wanted := _wanted(name, actor, owner, method)):
                        wrong.append(f"{actor} {method} {name} ({owner}): {got}, declared {wanted}")
    assert not wrong, "\n".join(wrong)


def test_the_matrix_covers_every_address_of_ours() -> None:
    ours = {name for name in TABLE if ":" in name} | {"home", "search"}
    assert ours - {"demo:sign-in"} == set(SEEN) | set(OPENED)


# Who has neither password nor second proof cannot be asked for one again.
_NOTHING_TO_PROVE = dict.fromkeys(
    ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"), {403}
)
_LOGIN = [name for name in TABLE if name.startswith(("account_", "mfa_"))]


def _login_address(name: str) -> str:
    arguments = {
        "account_confirm_email": ["key"],
        "account_reset_password_from_key": ["1", "key"],
        "mfa_remove_webauthn": ["999"],
        "mfa_edit_webauthn": ["999"],
    }
    return reverse(name, args=arguments.get(name, []))


@pytest.mark.parametrize("name", _LOGIN)
def test_the_pages_of_a_login_answer_as_declared(name: str, cast: Cast, signed_in: SignIn) -> None:
    policy, url = TABLE[name], _login_address(name)
    for actor in (None, cast.cora, cast.otto):
        client = signed_in(actor)
        for method in METHODS:
            answer = client.generic(method, url)
            if policy.reach is Reach.NOT_OFFERED:
                assert answer.status_code == 404
            elif method not in policy.methods:
                assert answer.status_code == 405
            elif actor is None and policy.reach is Reach.SIGNED_IN:
                assert answer.headers["Location"].startswith("/account/login/")
            else:
                assert answer.status_code in {200, 302, 404} | _NOTHING_TO_PROVE.get(name, set())


def _unlisted(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open to all")


urlpatterns = [*get_resolver().url_patterns, path("unlisted/", _unlisted, name="unlisted")]


@pytest.mark.urls(__name__)
def test_an_address_without_a_row_is_closed_to_everybody(world: World, signed_in: SignIn) -> None:
    for actor in (None, world.cast.cora, world.cast.ada, world.cast.abel):
        assert signed_in(actor).get("/unlisted/").status_code == 404


@pytest.mark.urls(__name__)
def test_the_walk_finds_an_address_without_a_row() -> None:
    assert set(_names(get_resolver().url_patterns)) - set(TABLE) == {"unlisted"}


@pytest.mark.usefixtures("walking")
def test_a_stranger_cannot_tell_a_record_from_none(world: World, signed_in: SignIn) -> None:
    for of in (of for name, of in _addresses(world).items() if "GET" in TABLE[name].methods):
        for actor in (world.cast.otto, world.cast.dev, world.cast.abel):
            client = signed_in(actor)
            refused = [client.get(url) for who, url in of.items() if who in {"own", "missing"}]
            pages = {_without_token(answer.content) for answer in refused if answer.status_code != 200}
            assert len(pages) <= 1
            assert {answer.status_code for answer in refused} <= {200, 404}


def _without_token(page: bytes) -> bytes:
    """The page without the form token, which is drawn afresh each time."""
    before, marker, after = page.partition(b'name="csrfmiddlewaretoken" value="')
    return before + after.partition(b'"')[2] if marker else before


def test_losing_a_part_takes_effect_at_once(world: World, signed_in: SignIn) -> None:
    client, cast = signed_in(world.cast.fern), world.cast
    url = reverse("payments:run", args=[world.run.pk])
    assert client.get(url).status_code == 200
    role = cast.fern.roles.get(kind=RoleKind.PREPARER)
    end_role(actor=cast.abel, role_id=role.pk, on=today() - timedelta(days=1))
    assert client.get(url).status_code == 404
    assert client.get(reverse("payments:runs")).status_code == 403


def test_a_contributor_whose_part_ended_keeps_their_own_record(world: World, signed_in: SignIn) -> None:
    cast = world.cast
    role = cast.cora.roles.get(kind=RoleKind.CONTRIBUTOR)
    end_role(actor=cast.abel, role_id=role.pk, on=today() - timedelta(days=1))
    assert signed_in(cast.cora).get(f"/claims/{world.paid.reference}/").status_code == 200


def test_roles_are_read_once_for_each_request(
    cast: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    standing = Standing(cast.ada)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert standing.kinds == {RoleKind.AUDITOR}
        assert not standing.is_finance


def test_somebody_with_two_parts_reads_a_claim_they_decide_without_its_fee(
    world: World, signed_in: SignIn
) -> None:
    cast = world.cast
    give_role(actor=cast.abel, person=cast.anil, kind=RoleKind.PREPARER, organisation=cast.riverside)
    page = signed_in(cast.anil).get(f"/claims/{world.paid.reference}/")
    assert page.context["found"].finance is None
    assert page.context["found"].approver is not None


def test_the_open_pages_are_open(cast: Cast) -> None:
    client = Client()
    assert client.get("/health/").content == b"ok\n"
    assert client.get("/account/login/").status_code == 200
    assert client.get("/demo/sign-in/").status_code == 404
    assert TABLE["demo:sign-in"].methods == FORM
