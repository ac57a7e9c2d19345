"""Put a rate policy in force: versions, the same file again, refusals, and rows that price alike."""

import functools
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from claims.models import Rate, RatePolicy
from claims.pricing.claims_file import read_claims, read_declarations
from claims.pricing.policy import PolicyError
from claims.pricing.policy_file import read_policy
from claims.pricing.pricing import price
from claims.pricing_rows import as_policy
from claims.queries import NoPolicy, policy_in_force
from claims.services.policies import import_policy
from common.errors import NotPermitted
from tests.cast import Cast, put_in_force
from tests.claims.paper import POLICY

EVERY_KEY = """
name = "Everything"
currency = "GBP"
late_cancellation_hours = "24.5"
late_cancellation_share = "0.3333"
[[rate]]
kind = "mileage"
mode = "car"
method = "tier"
amount = "0.4555"
first = 10000
then = "0"
from = 2020-01-01
to = 2026-04-05
counts_as = "expense"
[[rate]]
kind = "time"
method = "block"
amount = "12.50"
size = "0.5"
from = 2020-01-01
counts_as = "fee"
[[rate]]
kind = "time"
mode = "session"
method = "band"
bands = [{ up_to = "1.5", amount = "27.50" }, { amount = "55.00" }]
boundary = "exclusive"
from = 2020-01-01
counts_as = "fee"
[[rate]]
kind = "care"
method = "actual"
cap = "12.00"
cap_per = "hour"
required_over = "10.00"
from = 2020-01-01
counts_as = "expense"
[[rate]]
kind = "subsistence"
method = "actual"
caps = [{ over = 5, amount = "4.90" }, { over = 10, amount = "10.70" }]
receipt = "required"
excludes = ["other"]
from = 2020-01-01
counts_as = "expense"
"""


def test_it_is_stored_as_rows_and_in_force(cast: Cast) -> None:
    stored = put_in_force(cast, POLICY)
    assert policy_in_force(cast.riverside) == stored
    assert (stored.version, stored.imported_by, stored.rates.count()) == (1, cast.farah, 15)
    assert (stored.confirmed_by, stored.confirmed_at is not None) == (cast.fern, True)
    assert Event.objects.filter(action="policy:imported", subject_id=stored.pk).count() == 1


@pytest.mark.parametrize("text", [POLICY, EVERY_KEY], ids=["example", "every key"])
def test_rows_are_the_policy_they_came_from(cast: Cast, text: str) -> None:
    stored = import_policy(actor=cast.farah, organisation=cast.riverside, text=text)
    assert as_policy(RatePolicy.objects.get(pk=stored.pk)) == read_policy(text)


def test_rows_price_the_worked_claims_as_the_file_does(cast: Cast, demo: Path) -> None:
    stored = import_policy(actor=cast.farah, organisation=cast.riverside, text=POLICY)
    lines = read_claims((demo / "claims.csv").read_text())
    declared = read_declarations((demo / "declarations.csv").read_text())
    assert price(as_policy(stored), lines, declared) == price(read_policy(POLICY), lines, declared)


def test_the_same_file_again_adds_nothing(cast: Cast) -> None:
    first = import_policy(actor=cast.farah, organisation=cast.riverside, text=POLICY)
    counts = (Rate.objects.count(), Event.objects.count())
    assert import_policy(actor=cast.abel, organisation=cast.riverside, text=POLICY) == first
    assert (Rate.objects.count(), Event.objects.count()) == counts


def test_another_file_is_the_next_version_and_claims_keep_theirs(cast: Cast) -> None:
    put_in_force(cast, POLICY)
    second = put_in_force(cast, EVERY_KEY)
    assert second.version == 2
    assert policy_in_force(cast.riverside) == second
    with pytest.raises(NoPolicy):
        policy_in_force(cast.hillside)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (POLICY.replace('"0.45"', '"minus one"'), "Rate row 1 (mileage, car): amount"),
        (POLICY.replace('kind = "passenger"', 'kind = "horse"'), "kind: “horse” is not known"),
        (POLICY.replace('currency = "GBP"', 'currency = "EUR"'), "currency: EUR is not the currency of"),
        (POLICY.replace("Example involvement", "x" * 200), "name: has more than 200 characters"),
        (POLICY.replace("to = 2026-04-05", "to = 2026-04-04"), "leave a hole from 2026-04-05"),
        ("not a policy", "not a TOML file"),
    ],
)
def test_it_refuses_with_what_and_where_and_keeps_nothing(cast: Cast, wrong: str, told: str) -> None:
    with pytest.raises(PolicyError) as refused:
        import_policy(actor=cast.farah, organisation=cast.riverside, text=wrong)
    assert told in str(refused.value)
    assert not RatePolicy.objects.exists()
    assert not Event.objects.filter(action="policy:imported").exists()


@pytest.mark.parametrize("name", ["cora", "lena", "anil", "hana", "fern", "ada", "otto"])
def test_only_administrators_and_finance_approvers_may(cast: Cast, name: str) -> None:
    with pytest.raises(NotPermitted):
        import_policy(actor=getattr(cast, name), organisation=cast.riverside, text=POLICY)


def test_the_command_says_what_is_in_force(cast: Cast, tmp_path: Path) -> None:
    file, shown = tmp_path / "policy.toml", io.StringIO()
    file.write_text(POLICY)
    command = functools.partial(call_command, "import_policy", file, organisation="riverside", stdout=shown)
    command()
    assert "version 1, for Riverside Council: 15 rates." in shown.getvalue()
    assert "not in force: somebody in finance has to confirm it." in shown.getvalue()
    command(email="farah@example.org", second="farah@example.org")
    assert policy_in_force(cast.riverside).imported_by is None
    assert "already here as version 1. Nothing was added.\nVersion 1 is in force." in shown.getvalue()
    file.write_text(EVERY_KEY)
    command(email="farah@example.org")
    assert "Version 1 stays in force until somebody in finance confirms this one." in shown.getvalue()
    with pytest.raises(CommandError, match="Somebody else has to"):
        command(second="farah@example.org")
    file.write_text("not a policy")
    for organisation, email in (("riverside", None), ("nowhere", None), ("riverside", "no@example.org")):
        with pytest.raises(CommandError):
            call_command("import_policy", file, organisation=organisation, email=email)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_policy", tmp_path / "missing.toml", organisation="riverside")
