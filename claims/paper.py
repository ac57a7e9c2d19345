"""A file of paper claims set beside what is already here: which rows are new, and what is wrong.

Whom a `contributor` cell means: the number of a person (P000012), an e-mail address, or a handle: the
whole name or its first word in lower case. Only contributors of the project are looked at, and a handle
that two of them share is refused.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from claims.models import Claim, ClaimLine, FeeAnswer, LineShare, MileageDeclaration
from claims.pricing import lines as priced
from claims.pricing.claims_file import read_claims, read_declarations
from claims.pricing.csv_rows import ClaimsFileError
from claims.pricing_rows import as_line
from claims.workflow import ClaimStatus
from common.dates import today
from people.models import Person, Project, RoleKind
from people.permissions import in_force

LONGEST_AWAY = Decimal("999.99")
# column of the file -> fields of a line in pricing
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "contributor": ("contributor",),
    "date": ("on",),
    "kind": ("kind",),
    "mode": ("mode",),
    "quantity": ("quantity",),
    "unit": ("unit",),
    "amount": ("amount",),
    "funded_elsewhere": ("funded_elsewhere",),
    "hours_away": ("hours_away",),
    "receipt": ("receipt", "receipt_lost"),
    "cancelled_notice": ("notice",),
    "shares": ("shares",),
}
ANSWER = ("declined", "at_most")


@dataclass(frozen=True)
class PaperRow:
    """A row of the file. `line.contributor` is the person's key as text, `line.shares` is never empty."""

    number: int
    line: priced.ClaimLine
    contributor: Person
    claim: Claim | None
    known: bool


@dataclass(frozen=True)
class Declared:
    """Car miles that a contributor declares for a tax year, not yet stored."""

    contributor: Person
    tax_year: str
    miles: Decimal


def read_paper(text: str, *, actor: Person, project: Project, currency: str) -> list[PaperRow]:
    """Every row of a claims file, new or known. Raises ClaimsFileError with every problem, by row."""
    lines = read_claims(text, currency)
    numbered = list(zip(row_numbers(text), lines, strict=True))
    people = Contributors(project)
    projects = dict(project.organisation.projects.values_list("code", "pk"))
    known = _Known(project, {line.claim for line in lines})
    problems: list[str] = []
    rows: list[PaperRow] = []
    for number, line in numbered:
        wrong = [*_cell_problems(line), *_share_problems(line, projects)]
        person = people.find(line.contributor)
        if isinstance(person, str):
            wrong.append(f"contributor: {person}")
        else:
            line = replace(line, contributor=str(person.pk), shares=line.shares or ((project.code, 1),))
            claim, stored = known.find(line)
            wrong += known.problems(line, claim, stored, actor=actor)
            rows.append(PaperRow(number, line, person, claim, stored is not None))
        problems += [f"Row {number}, {problem}" for problem in wrong]
    if problems:
        raise ClaimsFileError(problems)
    return rows


def read_declared(text: str, project: Project) -> list[Declared]:
    """The declarations of a file that are not stored yet. Raises ClaimsFileError with every problem."""
    people = Contributors(project)
    problems: list[str] = []
    new: list[Declared] = []
    for number, ((handle, year), miles) in zip(
        row_numbers(text), read_declarations(text).items(), strict=True
    ):
        person = people.find(handle)
        if isinstance(person, str):
            problems.append(f"Declarations row {number}, contributor: {person}")
            continue
        stored = MileageDeclaration.objects.filter(contributor=person, tax_year=year).first()
        if stored is None:
            new.append(Declared(person, year, miles))
        elif stored.miles != miles:
            problems.append(
                f"Declarations row {number}, miles: {stored.miles} are already declared for {year}."
            )
    if problems:
        raise ClaimsFileError(problems)
    return new


def row_numbers(text: str) -> list[int]:
    """The spreadsheet's numbers of the rows that hold something, without the header."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    return [number for number, cells in enumerate(rows, start=1) if number > 1 and any(map(str.strip, cells))]


class Contributors:
    """The contributors of a project today, by number, e-mail address and handle."""

    def __init__(self, project: Project) -> None:
        self._by_handle: dict[str, set[Person]] = defaultdict(set)
        roles = project.roles.filter(in_force(today()), kind=RoleKind.CONTRIBUTOR)
        for person in Person.objects.filter(roles__in=roles):
            first_name = person.name.split(" ")[0]
            for handle in (person.number, person.email, person.name, first_name):
                self._by_handle[handle.casefold()].add(person)

    def find(self, handle: str) -> Person | str:
        """The person a handle means, or what is wrong with it."""
        found = self._by_handle.get(handle.casefold(), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            return f"“{handle}” could be {len(found)} contributors of this project; use their number."
        return f"“{handle}” is no contributor of this project."


class _Known:
    """What is already here of the claims that a file names."""

    def __init__(self, project: Project, handles: Iterable[str]) -> None:
        self._project = project
        claims = Claim.objects.filter(organisation=project.organisation, handle__in=handles)
        self._claims = {claim.handle: claim for claim in claims}
        self._lines: dict[tuple[str, str], ClaimLine] = {}
        for line in ClaimLine.objects.filter(claim__in=claims).select_related("claim", "answer"):
            self._lines[line.claim.handle or "", line.handle] = line
        self._shares: dict[int, list[tuple[str, int]]] = defaultdict(list)
        shares = LineShare.objects.filter(line__claim__in=claims).order_by("line_id", "position")
        for line_id, code, weight in shares.values_list("line_id", "project__code", "weight"):
            self._shares[line_id].append((code, weight))

    def find(self, line: priced.ClaimLine) -> tuple[Claim | None, ClaimLine | None]:
        return self._claims.get(line.claim), self._lines.get((line.claim, line.line))

    def problems(
        self, line: priced.ClaimLine, claim: Claim | None, stored: ClaimLine | None, *, actor: Person
    ) -> Iterator[str]:
        """Why a row cannot join a claim that is already here, as `column: sentence`."""
        if claim is None:
            return
        if claim.project_id != self._project.pk:
            yield f"claim: {line.claim} is already here in another project."
        elif stored is not None:
            yield from self._differences(line, stored, actor)
        elif str(claim.contributor_id) != line.contributor:
            yield f"contributor: {line.claim} is already here for somebody else."
        elif claim.entered_by_id != actor.pk:
            yield f"claim: {line.claim} was typed in by somebody else; put this row in a claim of its own."
        elif claim.status != ClaimStatus.SUBMITTED:
            yield f"claim: {line.claim} is already {claim.status}; put this row in a claim of its own."

    def _differences(self, line: priced.ClaimLine, stored: ClaimLine, actor: Person) -> Iterator[str]:
        """Columns that say something else than before. An answer is compared only for whoever typed it:
        anybody else could find out the answer by trying."""
        answer: FeeAnswer | None = getattr(stored, "answer", None)
        before = as_line(stored, currency=stored.claim.currency, answer=answer)
        before = replace(before, shares=tuple(self._shares[stored.pk]))
        columns = dict(COLUMNS)
        if stored.claim.entered_by_id == actor.pk:
            columns["answer"] = ANSWER
        for column, names in columns.items():
            if any(getattr(line, name) != getattr(before, name) for name in names):
                yield (
                    f"{column}: claim {line.claim}, line {line.line} is already here and says something else."
                )


def _cell_problems(line: priced.ClaimLine) -> Iterator[str]:
    if line.amount == 0:
        yield "amount: must be above zero."
    if line.hours_away is not None and line.hours_away > LONGEST_AWAY:
        yield f"hours_away: must be at most {LONGEST_AWAY}."


def _share_problems(line: priced.ClaimLine, projects: Mapping[str, int]) -> Iterator[str]:
    for code, _ in line.shares:
        if code not in projects:
            yield f"shares: {code} is not a project of this organisation."


def priced_by_row(rows: Sequence[PaperRow]) -> dict[str, int]:
    """How pricing names each line, and its row: to put the row before what pricing refuses."""
    return {f"Claim {row.line.claim}, line {row.line.line}, {row.line.on}:": row.number for row in rows}
