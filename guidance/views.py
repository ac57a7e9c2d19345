"""Help with money and benefits, for everybody who is signed in; and the register, for those who keep it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from guidance import queries
from guidance.forms import FigureForm, ReviewForm, TextForm
from guidance.models import Text, Topic
from guidance.permissions import may_check_figure, may_check_text
from guidance.services import check_figure, check_text, enter_figure, propose_text, set_review
from people.forms import PlainForm, sent, show_form
from people.models import Organisation
from people.standing import person_of, standing_of
from people.views.scope import START, organisation_asked, was_done

SEEN_BEFORE = 10  # showings listed on the page of help


def help_page(request: HttpRequest) -> HttpResponse:
    """What the reader's organisations say about money and benefits, and what the reader was shown before."""
    keys = {part.organisation_id for part in standing_of(request).held}
    organisations = list(Organisation.objects.filter(pk__in=keys).order_by("name", "pk"))
    shown = {
        "helps": queries.help_for(organisations),
        "was_shown": list(queries.what_was_shown(person_of(request))[:SEEN_BEFORE]),
        "breadcrumbs": [START],
    }
    return render(request, "guidance/help.html", shown)


def was_shown(request: HttpRequest, shown_id: str) -> HttpResponse:
    """What the reader was shown once, word for word. Nobody else's: those are not there."""
    found = queries.was_shown(person_of(request), int(shown_id))
    if found is None:
        raise Http404
    crumbs = [START, ("Help with money and benefits", "/help-with-money/")]
    return render(request, "guidance/was_shown.html", {"found": found, "breadcrumbs": crumbs})


def register(request: HttpRequest, code: str) -> HttpResponse:
    """Every text and figure of an organisation, and what should be read again."""
    organisation = organisation_asked(request, code)
    shown = {
        "organisation": organisation,
        "topics": list(queries.newest_of_each_topic(organisation)),
        "figures": queries.all_figures(organisation),
        "overdue": queries.overdue_texts(organisation),
        "without_this_year": queries.figures_without_this_year(organisation),
        "breadcrumbs": _crumbs(organisation),
    }
    return render(request, "guidance/register.html", shown)


def text(request: HttpRequest, code: str, topic: str, version: str) -> HttpResponse:
    """One version of a text; somebody else than its writer checks it here."""
    organisation, actor = organisation_asked(request, code), person_of(request)
    found = _text(organisation, topic, version)
    form = PlainForm(sent(request))
    if was_done(request, form, check_text, actor=actor, text_id=found.pk):
        messages.success(request, "The text is checked. Everybody can read it now.")
        return redirect("guidance:register", code)
    versions = organisation.guidance_texts.filter(topic=topic).select_related("checked_by", "written_by")
    newer = versions.filter(version__gt=found.version).exists()
    shown = {
        "organisation": organisation,
        "reading": queries.reading(found),
        "versions": versions.order_by("-version"),
        "waits": found.checked_at is None and not newer,
        "why_not": may_check_text(actor, found),
        "back": f"/guidance/{code}/",
    }
    return show_form(request, form, "guidance/text.html", **shown)


def propose(request: HttpRequest, code: str, topic: str) -> HttpResponse:
    """Write the next version of a text, starting from the newest."""
    organisation, actor = organisation_asked(request, code), person_of(request)
    if topic not in Topic.values:
        raise Http404
    newest = organisation.guidance_texts.filter(topic=topic).order_by("-version").first()
    form = TextForm(sent(request), initial=_typed(newest))
    if was_done(request, form, propose_text, actor=actor, organisation=organisation, topic=topic):
        messages.success(request, "The version is written. Somebody else has to check it before it is shown.")
        return redirect("guidance:register", code)
    shown = {"title": f"New version: {Topic(topic).label}", "button": "Propose this version"}
    return show_form(
        request,
        form,
        "parts/form/question.html",
        caption=organisation.name,
        back=f"/guidance/{code}/",
        **shown,
    )


def review(request: HttpRequest, code: str, topic: str, version: str) -> HttpResponse:
    """Say when the sources are read again."""
    organisation, actor = organisation_asked(request, code), person_of(request)
    found = _text(organisation, topic, version)
    form = ReviewForm(sent(request), initial={"review_on": found.review_on})
    if was_done(request, form, set_review, actor=actor, text_id=found.pk):
        messages.success(request, "The day of the next review is set.")
        return redirect("guidance:register", code)
    shown = {"title": "", "caption": found.title, "button": "Save the day", "back": f"/guidance/{code}/"}
    return show_form(request, form, "parts/form/question.html", **shown)


def figure(request: HttpRequest, code: str, figure_id: str) -> HttpResponse:
    """One figure with its source; somebody else than who entered it checks it here."""
    organisation, actor = organisation_asked(request, code), person_of(request)
    rows = organisation.guidance_figures.select_related("entered_by", "checked_by", "organisation")
    found = get_object_or_404(rows, pk=int(figure_id))
    form = PlainForm(sent(request))
    if was_done(request, form, check_figure, actor=actor, figure_id=found.pk):
        messages.success(request, "The figure is checked. Everybody can read it now.")
        return redirect("guidance:register", code)
    why_not, back = may_check_figure(actor, found), f"/guidance/{code}/"
    shown: dict[str, Any] = {"organisation": organisation, "figure": found, "why_not": why_not, "back": back}
    return show_form(request, form, "guidance/figure.html", **shown)


def add_figure(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a figure of a year."""
    organisation, actor = organisation_asked(request, code), person_of(request)
    form = FigureForm(sent(request))
    form.fields["amount"].currency = organisation.currency  # type: ignore[attr-defined]  # a MoneyField
    if was_done(request, form, enter_figure, actor=actor, organisation=organisation):
        messages.success(request, "The figure is entered. Somebody else has to check it before it is shown.")
        return redirect("guidance:register", code)
    shown = {"title": "Enter a figure of a year", "caption": organisation.name, "button": "Enter this figure"}
    return show_form(request, form, "parts/form/question.html", back=f"/guidance/{code}/", **shown)


def _text(organisation: Organisation, topic: str, version: str) -> Text:
    rows = organisation.guidance_texts.select_related("written_by", "checked_by", "organisation")
    return get_object_or_404(rows, topic=topic, version=int(version))


def _crumbs(organisation: Organisation) -> list[tuple[str, str]]:
    return [START, (organisation.name, f"/organisations/{organisation.code}/")]


def _typed(newest: Text | None) -> dict[str, Any]:
    """The newest version as the form takes it."""
    if newest is None:
        return {}
    lines = [f"{each['name']} | {each['url']} | {each['read_on']}" for each in newest.sources]
    return {
        "title": newest.title,
        "body": newest.body,
        "sources": "\n".join(lines),
        "review_on": newest.review_on,
    }
