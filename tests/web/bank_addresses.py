"""Addresses of the bank desk: Riverside's account is `own`, Hillside's `strange`."""

from datetime import date
from typing import Final

from payments.models import BankAccount, Statement, StatementLine
from payments.services import reconciling
from tests.payments.office import PAY_ON, imported
from tests.web.world import World

_READERS: Final = ("fern", "farah", "ada")
_READ: Final[dict[str, set[str]]] = {**{name: {"own"} for name in _READERS}}
_FINANCE: Final[dict[str, set[str]]] = {name: {"own"} for name in ("fern", "farah")}
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    "bank:account": _READ,
    "bank:columns": _FINANCE,
    "bank:upload": {"fern": {"own"}},
    "bank:statement": _READ,
    "bank:line": _READ,
    "bank:undo": _FINANCE,
    "bank:reconciliation": _READ,
    "bank:sign": _FINANCE,
    "bank:pdf": _READ,
    "bank:workbook": _READ,
}
OPENED: Final[dict[str, set[str]]] = {
    "bank:accounts": {*_READERS},
    "bank:add": {"fern", "farah"},
    "bank:lines": {*_READERS},
}
LEAD_ON: Final = {"bank:add", "bank:sign"}
_NOVEMBER: Final = "202611"


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    cast = world.cast
    statement = imported(cast, world.account, [(PAY_ON, "BACS", -5980), (PAY_ON, "FEE", -150)])
    paid, fee = statement.lines.order_by("pk")
    reconciling.match(actor=cast.fern, line_id=paid.pk, run_id=world.run.pk)
    strange = BankAccount.objects.create(
        organisation=cast.hillside,
        name="Hillside's",
        sort_code="309430",
        account_number="00733445",
        columns=world.account.columns,
    )
    theirs = Statement.objects.create(
        account=strange,
        sha256="0" * 64,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 2),
        lines_in_file=1,
        imported_by=cast.olga,
    )
    line = StatementLine.objects.create(
        account=strange,
        statement=theirs,
        row=2,
        date=theirs.first_day,
        description="X",
        amount=-1,
        occurrence=1,
    )
    accounts = _whose(str(world.account.pk), str(strange.pk))
    months = {who: [*arguments, _NOVEMBER] for who, arguments in accounts.items()}
    return {
        **dict.fromkeys(("bank:account", "bank:columns", "bank:upload"), accounts),
        **dict.fromkeys(("bank:reconciliation", "bank:sign", "bank:pdf", "bank:workbook"), months),
        "bank:statement": _whose(str(statement.pk), str(theirs.pk)),
        "bank:line": _whose(str(fee.pk), str(line.pk)),
        "bank:undo": _whose(str(paid.pk), str(line.pk)),
    }


def _whose(own: str, strange: str) -> dict[str, list[str]]:
    return {"own": [own], "strange": [strange], "missing": ["999999999"]}
