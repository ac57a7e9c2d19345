"""The page with the one box. What is typed travels in the body of the request: in no address and no log."""

from django.http import HttpRequest, HttpResponse

from people.forms import PlainForm, TextField, sent, show_form
from people.standing import standing_of
from reports.search import search_for

LONGEST = 100
START = ("Start", "/")


class SearchForm(PlainForm):
    """One box for everything."""

    term = TextField(
        "what you are looking for",
        longest=LONGEST,
        label="What are you looking for?",
        help_text="A name, an amount like 12.50, or the number of a claim, payment, run, advice or person.",
        autocomplete="off",
    )


def search(request: HttpRequest) -> HttpResponse:
    """Look for something among what this person may see."""
    form = SearchForm(sent(request))
    found = None
    if form.is_bound and form.is_valid():
        found = search_for(standing_of(request), form.cleaned_data["term"])
    return show_form(request, form, "reports/search.html", found=found, breadcrumbs=[START])
