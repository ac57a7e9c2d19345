"""Papers that a person makes of their own money: made when asked for, kept nowhere, sent to nobody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from common.pdf.look import Size
from payments.formats.own_paper import Paper, paper_pdf
from payments.own_money.forms import LetterForm
from payments.own_money.letters import LetterKind, letter, organisations_of
from payments.own_money.statement import payers_of, statement, statement_years
from payments.services.letters import note_letter
from people.forms import sent, show_form
from people.standing import person_of

CRUMBS = [("Start", "/"), ("What you were paid", "/your-money/")]
SIZES = [(Size.STANDARD.value, "standard print"), (Size.LARGE.value, "large print")]


def statements(request: HttpRequest) -> HttpResponse:
    """The tax years to choose from."""
    person = person_of(request)
    shown = {"years": statement_years(person), "payers": payers_of(person), "breadcrumbs": CRUMBS}
    return render(request, "payments/own_money/statements.html", shown)


def statement_page(request: HttpRequest, year: str, organisation_id: str = "") -> HttpResponse:
    """One statement, to read on the screen."""
    paper = statement(person_of(request), year, int(organisation_id) if organisation_id else None)
    shown = {
        "paper": paper,
        "sizes": SIZES,
        "pdf": request.path,
        "breadcrumbs": [*CRUMBS, ("Statements", reverse("own-money:statements"))],
    }
    return render(request, "payments/own_money/statement.html", shown)


def statement_file(request: HttpRequest, year: str, size: str, organisation_id: str = "") -> HttpResponse:
    """The same on paper."""
    paper = statement(person_of(request), year, int(organisation_id) if organisation_id else None)
    return pdf(paper, Size(size), "statement.pdf", made=request.method == "GET")


@sensitive_post_parameters()
def letters(request: HttpRequest) -> HttpResponse:
    """Choose a letter, read it, take it along. What was chosen travels in the form, not in an address."""
    person = person_of(request)
    form = LetterForm(sent(request), organisations=list(organisations_of(person)))
    if request.method != "POST" or not form.is_valid():
        words = {"title": "Make a letter", "back": reverse("own-money:totals"), "button": "Show the letter"}
        return show_form(request, form, "payments/own_money/letter_form.html", **words)
    typed = form.cleaned_data
    paper = letter(person, LetterKind(typed["kind"]), int(typed["organisation"]), form.span)
    if (size := request.POST.get("size", "")) in {each.value for each in Size}:
        note_letter(actor=person)
        return pdf(paper, Size(size), "letter.pdf")
    shown = {"paper": paper, "form": form, "sizes": SIZES, "breadcrumbs": CRUMBS}
    return render(request, "payments/own_money/letter.html", shown)


def pdf(paper: Paper, size: Size, name: str, *, made: bool = True) -> HttpResponse:
    """A paper to download; its name tells nothing."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = paper_pdf(paper, size=size) if made else b""
    return HttpResponse(content, content_type="application/pdf", headers=headers)
