"""Type in paper claims: a preview, then all or nothing, and never twice."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from claims import verify
from claims.models import Answer, Claim, ClaimLine, FeeAnswer, LineShare, MileageDeclaration
from claims.pricing.csv_rows import ClaimsFileError
from claims.services.importing import preview
from claims.workflow import ClaimStatus, LineStatus
from common.errors import DomainError, NotPermitted
from ledger.models import Commitment, Stage
from people.models import Channel, RoleKind
from people.services import add_person, grant_role
from tests.cast import Cast
from tests.claims.paper import BUS, SESSION, decided, line_of, paper, typed

pytestmark = pytest.mark.usefixtures("policy")


def refused(cast: Cast, *rows: str, **options: object) -> tuple[str, ...]:
    """The problems that a file is refused with, after seeing that nothing of it was kept."""
    before = (Claim.objects.count(), ClaimLine.objects.count(), Event.objects.count())
    with pytest.raises(ClaimsFileError) as error:
        typed(cast, *rows, **options)
    assert (Claim.objects.count(), ClaimLine.objects.count(), Event.objects.count()) == before
    return error.value.problems


def test_rows_arrive_sent_and_typed_by_that_person(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    claim = line.claim
    assert (claim.status, claim.contributor, claim.entered_by) == (
        ClaimStatus.SUBMITTED,
        cast.cora,
        cast.lena,
    )
    assert claim.reference == f"C{claim.pk:06d}"
    assert claim.submitted_at is not None
    assert claim.promised_by is not None
    assert (claim.promised_by - claim.submitted_at.date()).days in (14, 15)  # London may be a day ahead
    assert (line.status, line.estimate, line.category, line.counts_as) == (
        LineStatus.OPEN,
        500,
        "travel",
        "expense",
    )
    reserved = Commitment.objects.get()
    assert (reserved.amount, reserved.stage, reserved.source) == (500, Stage.CLAIMED, f"line:{line.pk}")
    assert list(LineShare.objects.values_list("project", "amount")) == [(cast.project.pk, 0)]
    assert claim.history.count() >= 1
    assert line.history.get().history_user_id == cast.lena.pk
    assert list(verify.problems(cast.riverside)) == []


@pytest.mark.parametrize("handle", ["cora", "Cora", "cora@example.org", "Cora Contributor", "number"])
def test_a_contributor_is_known_by_number_address_or_name(cast: Cast, handle: str) -> None:
    handle = cast.cora.number if handle == "number" else handle
    [line] = typed(cast, BUS.replace("cora", handle))
    assert line.claim.contributor == cast.cora


def test_a_name_that_two_share_is_refused_with_the_row(cast: Cast) -> None:
    other = add_person(actor=cast.abel, name="Cora Other", channel=Channel.POST)
    grant_role(
        actor=cast.abel,
        person=other,
        kind=RoleKind.CONTRIBUTOR,
        organisation=cast.riverside,
        project=cast.project,
    )
    assert refused(cast, BUS) == (
        "Row 2, contributor: “cora” could be 2 contributors of this project; use their number.",
    )


@pytest.mark.parametrize("handle", ["nobody", "anil", "otto", "P999999"])
def test_somebody_who_is_no_contributor_of_the_project_is_refused(cast: Cast, handle: str) -> None:
    problems = refused(cast, BUS, "", BUS.replace("B1,1,cora", f"B2,1,{handle}"))
    assert problems == (f"Row 4, contributor: “{handle}” is no contributor of this project.",)


def test_every_problem_is_told_with_its_row(cast: Cast) -> None:
    problems = refused(
        cast,
        BUS + "PROJ-X:1",
        BUS.replace("B1", "B2").replace("5.00", "0.00"),
        BUS.replace("B1", "B3").replace("cora", "nobody"),
        "B4,1,cora,2026-11-10,subsistence,,,,5.00,,1000.00,R-9,,,",
    )
    assert [problem.split(":")[0] for problem in problems] == [
        "Row 2, shares",
        "Row 3, amount",
        "Row 4, contributor",
        "Row 5, hours_away",
    ]


def test_what_the_policy_cannot_price_is_told_with_its_row(cast: Cast) -> None:
    problems = refused(cast, BUS, BUS.replace("B1", "B2").replace("2026-11-10", "2019-12-31"))
    assert problems[0].startswith("Row 3: Claim B2, line 1, 2019-12-31: the policy has no rate")


def test_an_answer_belongs_to_time(cast: Cast) -> None:
    assert refused(cast, BUS.replace("R-1,", "R-1,declined")) == (
        "Row 2, answer: is for money for time, and this is a cost.",
    )


def test_the_same_again_adds_nothing(cast: Cast) -> None:
    rows = (BUS, SESSION.format(answer="less:20.00"))
    typed(cast, *rows)
    before = (Claim.objects.count(), ClaimLine.objects.count(), Event.objects.count())
    typed(cast, *rows)
    assert (Claim.objects.count(), ClaimLine.objects.count(), Event.objects.count()) == before
    looked = preview(actor=cast.lena, organisation=cast.riverside, project=cast.project, text=paper(*rows))
    assert looked.new == 0
    assert [row.reason for row in looked.rows] == ["Already here.", "Already here."]


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("date", BUS.replace("2026-11-10", "2026-11-11")),
        ("mode", BUS.replace("bus", "train")),
        ("amount", BUS.replace("5.00", "5.01")),
        ("funded_elsewhere", BUS.replace("5.00,", "5.00,1.00")),
        ("receipt", BUS.replace("R-1", "lost")),
        ("contributor", BUS.replace("cora", "dev")),
        ("shares", BUS + "PROJ-A:2;PROJ-B:1"),
        ("cancelled_notice", BUS.replace("R-1,,", "R-1,,20:00")),
    ],
)
def test_the_same_row_with_other_content_is_refused_by_row_and_column(
    cast: Cast, column: str, row: str
) -> None:
    typed(cast, BUS)
    problems = refused(cast, row)
    assert problems[0].startswith(f"Row 2, {column}: claim B1, line 1 is already here")


def test_another_answer_is_refused_only_to_whoever_typed_the_first(cast: Cast) -> None:
    typed(cast, SESSION.format(answer="declined"))
    [problem] = refused(cast, SESSION.format(answer=""))
    assert problem.startswith("Row 2, answer:")
    typed(cast, SESSION.format(answer=""), actor=cast.anil)  # Anil cannot find it out by trying
    assert FeeAnswer.objects.get().answer == Answer.DECLINED


def test_a_line_can_join_a_claim_that_waits(cast: Cast) -> None:
    more = BUS.replace("B1,1", "B1,2").replace("R-1", "R-2")
    typed(cast, BUS)
    typed(cast, BUS, more)
    line = line_of(more)
    assert (line.position, line.claim.version, line.claim.lines.count()) == (2, 2, 2)


@pytest.mark.parametrize("why", ["decided", "somebody else", "another project"])
def test_a_line_does_not_join_a_claim_that_is_not_theirs_or_closed(cast: Cast, why: str) -> None:
    [line] = typed(cast, BUS)
    options: dict[str, object] = {}
    if why == "decided":
        decided(cast, line)
    if why == "somebody else":
        options["actor"] = cast.anil
    if why == "another project":
        options |= {"actor": cast.bea, "project": cast.other_project}
        for person in (cast.cora, cast.dev):
            grant_role(
                actor=cast.abel,
                person=person,
                kind=RoleKind.CONTRIBUTOR,
                organisation=cast.riverside,
                project=cast.other_project,
            )
    [problem] = refused(cast, BUS.replace("B1,1", "B1,2").replace("R-1", "R-2"), **options)
    assert problem.startswith("Row 2, claim: B1")
    assert why in problem


def test_miles_are_declared_in_the_same_breath(cast: Cast) -> None:
    car = "K1,1,cora,2026-11-10,mileage,car,20.0,mile,,,,,,,"
    declared = "contributor,tax_year,miles\ncora,2026-27,9990.0\n"
    [line] = typed(cast, car, declarations=declared)
    assert line.estimate == 800
    assert MileageDeclaration.objects.get().miles == Decimal("9990.0")
    typed(cast, car, declarations=declared)
    problems = refused(cast, car, declarations=declared.replace("9990.0", "9000.0"))
    assert problems == ("Declarations row 2, miles: 9990.0 are already declared for 2026-27.",)
    problems = refused(cast, car, declarations=declared.replace("cora", "nobody"))
    assert problems == ("Declarations row 2, contributor: “nobody” is no contributor of this project.",)


@pytest.mark.parametrize("name", ["cora", "fern", "ada", "abel", "bea", "otto"])
def test_only_link_people_and_leads_of_the_project_type_in(cast: Cast, name: str) -> None:
    with pytest.raises(NotPermitted):
        typed(cast, BUS, actor=getattr(cast, name))
    with pytest.raises(NotPermitted):
        preview(actor=getattr(cast, name), organisation=cast.riverside, project=cast.project, text=paper(BUS))


def test_a_project_of_another_organisation_is_refused(cast: Cast) -> None:
    with pytest.raises(DomainError, match="another organisation"):
        typed(cast, BUS, project=cast.strange_project)


def test_the_command_shows_first_and_saves_only_when_told(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "paper.csv"
    file.write_text(paper(BUS, "M1,1,cora,2026-11-10,subsistence,,,,7.45,,6.17,R-2,,,"))
    asked = {"organisation": "riverside", "project": "PROJ-A", "email": "lena@example.org"}
    shown = io.StringIO()
    call_command("import_claims", file, dry_run=True, stdout=shown, **asked)
    assert not Claim.objects.exists()
    assert "Row 2, B1 line 1, Cora Contributor: £5.00 estimated." in shown.getvalue()
    assert "£5.00 estimated. The most we can pay" in shown.getvalue()
    call_command("import_claims", file, stdout=shown, **asked)
    assert Claim.objects.count() == 2
    file.write_text(paper(BUS.replace("cora", "nobody")))
    with pytest.raises(CommandError, match="Row 2, contributor"):
        call_command("import_claims", file, **asked)
    for wrong in ({"organisation": "nowhere"}, {"project": "PROJ-X"}, {"email": "nobody@example.org"}):
        with pytest.raises(CommandError):
            call_command("import_claims", file, **asked | wrong)
