"""October and November 2026 at Riverbend, played through the same services that people use."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings

from claims.services.policies import confirm_policy, import_policy
from demo import autumn, bank
from demo.cast import FIXTURES, Cast, agree_budgets, offer_ways, set_up
from demo.clock import at
from guidance.services.importing import Taken, import_register
from ledger.services.accounts import bank_ledger_account
from ledger.services.opening import fund, open_books
from payments.models import BankAccount
from payments.services import details
from payments.services.accounts import add_bank_account
from people.models import RoleKind

REFERENCE = Path(settings.BASE_DIR) / "fixtures" / "reference"
OPENING = 250_000  # minor units in the account before the projects were funded
FUNDING = {"PROJ-A": 960_000, "PROJ-B": 450_000}


def play() -> Iterator[str]:
    """Play the story; yields a sentence for each chapter."""
    with at("2026-09-28 09:00"):
        cast = set_up()
        account = _open_the_books(cast)
        policy = (FIXTURES / "policy.toml").read_text(encoding="utf-8")
        proposed = import_policy(actor=cast["farah"], organisation=cast.home, text=policy)
        confirm_policy(actor=cast["fern"], policy_id=proposed.pk)
        agree_budgets(cast)
        ways = offer_ways(cast)
        taken = _guidance(cast)
    guidance = f"{taken.texts} texts and {taken.figures} figures about money and benefits"
    people = f"{len(cast.people)} people in {len(cast.organisations)} organisations"
    yield f"{people}, {len(FUNDING)} projects, {guidance}."
    with at("2026-09-29 10:00"):
        verified = _bank_details(cast)
    yield (
        f"A rate policy in force, {len(FUNDING)} agreed budgets, {verified} bank accounts checked, "
        f"{ways} ways of paying beside the bank."
    )
    yield from autumn.play(cast, account, OPENING + sum(FUNDING.values()))


def _guidance(cast: Cast) -> Taken:
    """The first administrator proposes the reference register, the second has read its sources too."""
    first, second = cast.home.roles.filter(kind=RoleKind.ADMINISTRATOR).order_by("pk")[:2]
    content = (REFERENCE / "guidance.toml").read_text(encoding="utf-8")
    return import_register(actor=first.person, organisation=cast.home, content=content, second=second.person)


def _open_the_books(cast: Cast) -> BankAccount:
    account = add_bank_account(
        actor=cast["farah"],
        organisation=cast.home,
        name="Involvement account",
        sort_code="938600",
        account_number="42368003",
        columns=bank.COLUMNS,
    )
    ours = bank_ledger_account(cast.home, account.name)
    open_books(
        actor=cast["farah"],
        organisation=cast.home,
        account=ours,
        amount=OPENING,
        date=date(2026, 9, 28),
        narrative="Balance brought forward",
    )
    for code, amount in FUNDING.items():
        fund(
            actor=cast["farah"],
            project=cast.projects[code],
            account=ours,
            amount=amount,
            date=date(2026, 9, 28),
            narrative=f"Co-production budget of {code}",
        )
    return account


def _bank_details(cast: Cast) -> int:
    """Finn keys in what people wrote on paper; Farah rings them on a number known before.

    Fern does neither, because whoever keyed in an account may not prepare a run that pays it.
    """
    known = {handle: row for handle, row in cast.contributors.items() if "account" in row}
    for handle, row in known.items():
        name, sort_code, number = row["account"]
        entered = details.enter(
            actor=cast["finn"],
            person=cast[handle],
            account_name=name,
            sort_code=sort_code,
            account_number=number,
            roll_number=row.get("roll_number", ""),
        )
        details.verify(actor=cast["farah"], details_id=entered.pk, note="Rang the number we had from before.")
    return len(known)
