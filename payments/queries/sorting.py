"""Sort what is due by the way in which it is paid: one run pays one way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import F, QuerySet

from claims.models import ClaimLine, CountsAs, Instruction, Way
from claims.ways import instructions_of, start_of
from payments.queries.due import DueLine, LeftOut, PreparedRun, due_lines, marks_in_force, payroll_lines
from payments.queries.payable import Asked, Known, by_bank, by_way, through_payroll
from payments.workflow import Method
from people.models import Organisation, Person

BY_PAYROLL = "Their money for time is paid through payroll."
ELSEWHERE = {method: f"They chose: {method.label.lower()}. It has runs of its own." for method in Method} | {
    Method.PAYROLL: BY_PAYROLL
}


def lines_for(organisation: Organisation, method: Method) -> QuerySet[ClaimLine]:
    """The due lines that a run of this kind looks at; a bank run also says what it leaves to others."""
    if method == Method.BANK:
        return due_lines(organisation)
    if method == Method.PAYROLL:
        return payroll_lines(organisation)
    chose = Instruction.objects.filter(organisation=organisation, way=method)
    return due_lines(organisation).filter(claim__contributor__in=chose.values("person"))


def preview(organisation: Organisation, preparer: Person, method: Method = Method.BANK) -> PreparedRun:
    """What a run prepared by this person now would pay, and whom it would leave out and why."""
    return gather(organisation, preparer, lines_for(organisation, method), method)


def gather(
    organisation: Organisation,
    preparer: Person,
    lines: QuerySet[ClaimLine],
    method: Method = Method.BANK,
    *,
    lock: bool = False,
) -> PreparedRun:
    """Sort due lines into payments and people left out; `lock` holds them until the transaction ends.

    A fixed number of queries for every ten thousand people.
    """
    found = list(_read(lines, lock=lock))
    known = Known([*{line.person_id for line in found}])
    sorted_out = _by_method(organisation, found, known)
    mine = sorted_out.pop(method, {})
    if method == Method.BANK:
        run = by_bank(mine, known, preparer)
        return PreparedRun(run.payees, (*run.left_out, *_elsewhere(sorted_out, known)))
    if method == Method.PAYROLL:
        return through_payroll(mine, known, preparer)
    offered = organisation.ways.filter(way=method).first()
    return by_way(mine, known, preparer, offered) if offered else PreparedRun((), ())


def due_ways(organisation: Organisation) -> dict[Method, tuple[int, int]]:
    """What is due by each way that people chose, to how many people and how much (minor units)."""
    chose = Instruction.objects.filter(organisation=organisation).exclude(way=Way.BANK)
    theirs = due_lines(organisation).filter(claim__contributor__in=chose.values("person"))
    found = list(_read(theirs, lock=False))
    known = Known([*{line.person_id for line in found}])
    return {
        method: (len(people), sum(line.amount for lines in people.values() for line, _ in lines))
        for method, people in _by_method(organisation, found, known).items()
    }


def _read(lines: QuerySet[ClaimLine], *, lock: bool) -> Iterable[DueLine]:
    rows = lines.annotate(
        payee=F("claim__contributor_id"),
        activity=F("claim__activity_id"),
        starts=F("claim__activity__starts_at"),
    ).only("counts_as", "category", "allowed", "date")
    for line in rows.select_for_update(of=("self",)) if lock else rows:
        start = start_of(line.starts, line.date)
        yield DueLine(
            line.pk, line.payee, line.counts_as, line.category, line.allowed or 0, line.activity, start
        )


def _by_method(
    organisation: Organisation, lines: Iterable[DueLine], known: Known
) -> dict[Method, dict[int, list[tuple[DueLine, Instruction | None]]]]:
    """By method and person: their lines. What is owed to the dead goes by bank, to their estate."""
    marked = set(marks_in_force(organisation).values_list("person", flat=True))
    instructions = instructions_of(organisation, [*known.people])
    found: dict[Method, dict[int, list[tuple[DueLine, Instruction | None]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for line in lines:
        said = None
        if line.counts_as == CountsAs.FEE and line.person_id in marked:
            method = Method.PAYROLL
        elif line.person_id in known.dead:
            method = Method.BANK
        else:
            about = (line.person_id, organisation.pk, line.counts_as)
            said = instructions.counting(*about, line.activity_id, line.started_at)
            method = Method(said.way if said else Way.BANK)
        found[method][line.person_id].append((line, said))
    return found


def _elsewhere(others: Mapping[Method, Asked], known: Known) -> Iterable[LeftOut]:
    """What a bank run leaves to runs of other ways; also of one that was switched off since it was chosen."""
    for method in sorted(others):
        for key in sorted(others[method]):
            amount = sum(line.amount for line, _ in others[method][key])
            yield LeftOut(known.people[key], amount, ELSEWHERE[method])
