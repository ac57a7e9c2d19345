"""The papers of a run: its signing sheet, the file for the bank, and everybody's remittance advice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.errors import IllegalMove
from payments.formats.signing_sheet import sheet_pdf
from payments.permissions import may_download, may_open_remittances
from payments.queries.run_story import story_of
from payments.queries.runs import READERS
from payments.queries.signing import sheet_of
from payments.run_desk.doing import download_words
from payments.run_desk.scope import crumbs, moved_on, run_asked
from payments.services import runs
from payments.services.run_remittances import PART, Which, advices, open_advices
from payments.services.runs import file_name
from people.forms import PlainForm, sent, show_form
from people.models import Channel
from people.permissions import is_finance, require
from people.standing import person_of
from people.step_up import proof_needed

SHOWN = 100  # unusual payments on the screen; the PDF has more


def sheet(request: HttpRequest, run_id: str) -> HttpResponse:
    """What is unusual in a run, then its totals and the fingerprint of its file."""
    run = run_asked(request, run_id, READERS)
    shown = {
        "run": run,
        "sheet": sheet_of(run, named=is_finance(person_of(request), run.organisation)),
        "shown": SHOWN,
        "breadcrumbs": crumbs(run),
    }
    return render(request, "payments/runs/sheet.html", shown)


def sheet_file(request: HttpRequest, run_id: str) -> HttpResponse:
    """The signing sheet as PDF, to print and keep with the books."""
    run = run_asked(request, run_id, READERS)
    found = sheet_of(run, named=is_finance(person_of(request), run.organisation))
    content = b"" if request.method == "HEAD" else sheet_pdf(found)
    return _file(content, f"run-{run.number}-sheet-{run.version}.pdf", "application/pdf")


def bank_file(request: HttpRequest, run_id: str) -> HttpResponse:
    """A copy of the file for the bank, after a fresh proof. It is sent for, never linked to.

    The file holds everybody's full bank details, and each copy is written down. So it is a form with a token:
    no prefetching browser, no scanner of links and no other site can fetch a copy in somebody's name.
    """
    run, actor = run_asked(request, run_id), person_of(request)
    why_not = may_download(actor, run)
    if why_not is None and (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    form = PlainForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            content = runs.download(actor=actor, run_id=run.pk)
        except IllegalMove as error:
            return moved_on(request, run, error)
        return _file(content, file_name(run), "text/csv")
    shown = {
        "run": run,
        "why_not": why_not,
        "story": story_of(run),
        "title": f"{run.file_words.capitalize()} of run {run.number}",
        "caption": run.organisation.name,
        "button": download_words(run),
        "back": f"/payments/runs/{run.pk}/",
    }
    return show_form(request, form, "payments/runs/file.html", **shown)


def letters(request: HttpRequest, run_id: str) -> HttpResponse:
    """What can be printed for the people in a run, and who printed it."""
    run = run_asked(request, run_id)
    paper, everybody = advices(run, Which.PAPER), advices(run, Which.ALL)
    shown = {
        "run": run,
        "why_not": may_open_remittances(person_of(request), run),
        "story": story_of(run),
        "paper": _parts(paper.count()),
        "by_hand": paper.exclude(person__channel=Channel.POST).count(),
        "nowhere": paper.filter(person__channel=Channel.POST, person__address="").count(),
        "everybody": _parts(everybody.count()),
        "breadcrumbs": crumbs(run),
    }
    return render(request, "payments/runs/letters.html", shown)


def pages(request: HttpRequest, run_id: str, which: str, part: str) -> HttpResponse:
    """One part of the remittance advices, as PDF to print. That somebody opened them is recorded."""
    run, actor = run_asked(request, run_id), person_of(request)
    require(may_open_remittances(actor, run))
    name = f"run-{run.number}-{which}-{int(part)}.pdf"
    if request.method == "HEAD":
        return _file(b"", name, "application/pdf")
    content = open_advices(actor=actor, run=run, which=Which(which), part=int(part))
    return _file(content, name, "application/pdf")


def _parts(count: int) -> list[tuple[int, int, int]]:
    """The parts that this many advices make: number, first and last."""
    return [(start // PART + 1, start + 1, min(start + PART, count)) for start in range(0, count, PART)]


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    shown_as = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": shown_as})
