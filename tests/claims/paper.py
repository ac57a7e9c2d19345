"""Short ways to type in paper claims and decide them."""

from pathlib import Path
from typing import Any, Final

from claims.models import ClaimLine, Decision, Outcome
from claims.services.deciding import decide
from claims.services.importing import import_claims
from tests.cast import Cast

POLICY: Final = (Path(__file__).parents[2] / "fixtures" / "demo" / "policy.toml").read_text()
HEADER: Final = (
    "claim,line,contributor,date,kind,mode,quantity,unit,amount,funded_elsewhere,hours_away,receipt,"
    "answer,cancelled_notice,shares"
)
BUS: Final = "B1,1,cora,2026-11-10,fare,bus,,,5.00,,,R-1,,,"
SESSION: Final = "S1,1,cora,2026-11-10,time,session,2,hour,,,,,{answer},,"


def paper(*rows: str) -> str:
    """A claims file with these rows."""
    return "\n".join([HEADER, *rows]) + "\n"


def typed(cast: Cast, *rows: str, **options: Any) -> list[ClaimLine]:
    """The lines of these rows after Lena typed them in, in file order."""
    asked = {"actor": cast.lena, "organisation": cast.riverside, "project": cast.project} | options
    import_claims(text=paper(*rows), **asked)
    return [line_of(row) for row in rows]


def line_of(row: str) -> ClaimLine:
    """The stored line of a row."""
    claim, line = row.split(",")[:2]
    return ClaimLine.objects.select_related("claim").get(claim__handle=claim, handle=line)


def decided(cast: Cast, line: ClaimLine, outcome: Outcome = Outcome.APPROVE, **options: Any) -> Decision:
    """Anil's decision on a line."""
    asked: dict[str, Any] = {"actor": cast.anil, "line_id": line.pk, "outcome": outcome}
    return decide(**asked | options)
