"""Type in paper claims from a file: look first, then all of it or nothing. What is here already stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from audit.actions import Action
from audit.services import record, step
from claims import permissions
from claims.models import Answer, Claim, ClaimLine, MileageDeclaration, RatePolicy
from claims.paper import Declared, PaperRow, priced_by_row, read_declared, read_paper
from claims.pricing import lines as priced
from claims.pricing.csv_rows import ClaimsFileError
from claims.pricing.lines import PricedLine, PricingError
from claims.pricing.pricing import price
from claims.pricing.vocabulary import CountsAs
from claims.pricing_rows import LOST, as_policy
from claims.queries.scope import policy_in_force
from claims.repricing import before
from claims.services import lines, telling
from claims.services.lines import NewLine
from claims.workflow import CLAIM_MOVES
from common.errors import DomainError
from common.money import from_minor
from common.workflow import next_status
from people.models import Organisation, Person, Project
from people.permissions import require


@dataclass(frozen=True)
class PreviewRow:
    """What a row would become. `allowed` is an estimate in minor units; None for a row that is known."""

    number: int
    claim: str
    line: str
    contributor: str
    allowed: int | None
    reason: str


@dataclass(frozen=True)
class Preview:
    """A file that can be imported as it stands, row by row."""

    currency: str
    rows: Sequence[PreviewRow]
    declarations: int

    @property
    def new(self) -> int:
        return sum(row.allowed is not None for row in self.rows)


def preview(
    *, actor: Person, organisation: Organisation, project: Project, text: str, declarations: str = ""
) -> Preview:
    """Price a file of paper claims without saving anything. Raises ClaimsFileError with every problem."""
    paper = _read(actor, organisation, project, text, declarations)
    amounts = {row.number: result for row, result in zip(paper.new, paper.results, strict=True)}
    rows = [_preview_row(row, amounts.get(row.number)) for row in paper.rows]
    return Preview(currency=paper.policy.currency, rows=rows, declarations=len(paper.declared))


@step(returns=Project)
def import_claims(
    *,
    actor: Person,
    organisation: Organisation,
    project: Project,
    text: str,
    declarations: str = "",
    key: str = "",
) -> Project:
    """Type in a file of paper claims: they arrive sent, and whoever typed them may decide none.

    A row is known by organisation, claim and line: the same again adds nothing, the same with other
    content is refused. Raises ClaimsFileError with every problem by row, and then nothing is saved.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one import at a time
    paper = _read(actor, organisation, project, text, declarations)
    _declare(actor, organisation, paper.declared)
    if not paper.new:
        return project
    claims = _claims(actor, project, paper)
    new = _new_lines(paper.new, claims, project)
    lines.estimate(new, organisation, paper.policy)
    lines.save_new(new)
    lines.save_answers(new)
    lines.reserve(new)
    record(
        actor=actor,
        action=Action.CLAIMS_IMPORTED,
        subject=project,
        organisation_id=organisation.pk,
        project_id=project.pk,
        claims=len(claims),
        lines=len(new),
    )
    telling.claims_typed_in(organisation, claims.values())
    return project


@dataclass(frozen=True)
class _Paper:
    """A file that was read whole; `results` are what the policy makes of the rows that are new."""

    policy: RatePolicy
    rows: Sequence[PaperRow]
    new: Sequence[PaperRow]
    results: Sequence[PricedLine]
    declared: Sequence[Declared]


def _read(
    actor: Person, organisation: Organisation, project: Project, text: str, declarations: str
) -> _Paper:
    if project.organisation_id != organisation.pk:
        raise DomainError("This project belongs to another organisation.")
    require(permissions.may_type_in(actor, project))
    policy = policy_in_force(organisation)
    declared = read_declared(declarations, project) if declarations else []
    rows = read_paper(text, actor=actor, project=project, currency=policy.currency)
    new = [row for row in rows if not row.known]
    return _Paper(policy, rows, new, _price(policy, new, declared), declared)


def _price(
    policy: RatePolicy, rows: Sequence[PaperRow], declared: Sequence[Declared]
) -> Sequence[PricedLine]:
    """What the policy makes of new rows, with what is declared in the same breath."""
    asked = [row.line for row in rows]
    context = before(asked, policy.organisation)
    miles = dict(context.miles)
    for one in declared:
        person = (str(one.contributor.pk), one.tax_year)
        miles[person] = miles.get(person, Decimal(0)) + one.miles
    try:
        results = price(as_policy(policy), asked, miles, context.already)
    except PricingError as error:
        raise ClaimsFileError(_with_rows(error.problems, rows)) from error
    problems = [
        f"Row {row.number}, answer: is for money for time, and this is a cost."
        for row, result in zip(rows, results, strict=True)
        if result.counts_as == CountsAs.EXPENSE and _answer(row.line)[0] != Answer.ACCEPTED
    ]
    if problems:
        raise ClaimsFileError(problems)
    return results


def _with_rows(problems: Sequence[str], rows: Sequence[PaperRow]) -> list[str]:
    heads = priced_by_row(rows)
    return [
        next(
            (f"Row {number}: {problem}" for head, number in heads.items() if problem.startswith(head)),
            problem,
        )
        for problem in problems
    ]


def _preview_row(row: PaperRow, result: PricedLine | None) -> PreviewRow:
    return PreviewRow(
        number=row.number,
        claim=row.line.claim,
        line=row.line.line,
        contributor=row.contributor.name,
        allowed=result.allowed if result else None,
        reason=result.reason if result else "Already here.",
    )


def _declare(actor: Person, organisation: Organisation, declared: Sequence[Declared]) -> None:
    for one in declared:
        stored = MileageDeclaration.objects.create(
            contributor=one.contributor, tax_year=one.tax_year, miles=one.miles
        )
        record(
            actor=actor,
            action=Action.MILES_DECLARED,
            subject=stored,
            organisation_id=organisation.pk,
            about=one.contributor,
            on_behalf_of=one.contributor,
            tax_year=one.tax_year,
            miles=str(one.miles),
        )


def _claims(actor: Person, project: Project, paper: _Paper) -> dict[str, Claim]:
    """The claim of each new row by its handle: sent just now, or sent before and still waiting."""
    claims: dict[str, Claim] = {}
    for row in sorted(paper.new, key=lambda row: row.claim.pk if row.claim else 0):
        handle = row.line.claim
        if handle in claims:
            continue
        if row.claim is None:
            claims[handle] = _sent_claim(actor, project, paper.policy, row)
        else:
            claims[handle] = _grown_claim(actor, row.claim)
    return claims


def _sent_claim(actor: Person, project: Project, policy: RatePolicy, row: PaperRow) -> Claim:
    claim = lines.new_claim(
        project=project,
        contributor=row.contributor,
        entered_by=actor,
        policy=policy,
        handle=row.line.claim,
    )
    claim.status = next_status(CLAIM_MOVES, "submit", claim.status, what="a claim")
    lines.mark_sent(claim)
    claim.save(update_fields=["status", "submitted_at", "promised_by"])
    _record(actor, Action.CLAIM_SUBMITTED, claim)
    return claim


def _grown_claim(actor: Person, known: Claim) -> Claim:
    claim = Claim.objects.select_for_update().get(pk=known.pk)
    if claim.status != known.status:
        raise ClaimsFileError([f"Claim {claim.handle} was {claim.status} meanwhile. Try again."])
    claim.version += 1
    claim.save(update_fields=["version"])
    _record(actor, Action.LINE_ADDED, claim)
    return claim


def _record(actor: Person, action: Action, claim: Claim) -> None:
    record(
        actor=actor,
        action=action,
        subject=claim,
        organisation_id=claim.organisation_id,
        project_id=claim.project_id,
        about=claim.contributor,
        on_behalf_of=claim.contributor,
        handle=claim.handle,
    )


def _new_lines(rows: Sequence[PaperRow], claims: dict[str, Claim], project: Project) -> list[NewLine]:
    projects = {one.code: one for one in project.organisation.projects.all()}
    positions = {handle: claim.lines.count() for handle, claim in claims.items()}
    new: list[NewLine] = []
    for row in rows:
        asked = row.line
        positions[asked.claim] += 1
        answer, less_amount = _answer(asked)
        new.append(
            NewLine(
                _line(asked, claims[asked.claim], positions[asked.claim]),
                answer=answer,
                less_amount=less_amount,
                shares=tuple((projects[code], weight) for code, weight in asked.shares),
            )
        )
    return new


def _answer(asked: priced.ClaimLine) -> tuple[Answer, int | None]:
    if asked.declined:
        return Answer.DECLINED, None
    if asked.at_most is not None:
        return Answer.LESS, asked.at_most
    return Answer.ACCEPTED, None


def _line(asked: priced.ClaimLine, claim: Claim, position: int) -> ClaimLine:
    line = ClaimLine(
        claim=claim,
        position=position,
        handle=asked.line,
        date=asked.on,
        kind=asked.kind,
        mode=asked.mode or "",
        quantity=asked.quantity,
        unit=asked.unit or "",
        hours_away=asked.hours_away,
        receipt=LOST if asked.receipt_lost else asked.receipt,
        cancelled_notice_minutes=asked.notice // timedelta(minutes=1) if asked.notice is not None else None,
    )
    line.spent = from_minor(asked.amount, claim.currency) if asked.amount else None
    line.funded_elsewhere = (
        from_minor(asked.funded_elsewhere, claim.currency) if asked.funded_elsewhere else None
    )
    return line
