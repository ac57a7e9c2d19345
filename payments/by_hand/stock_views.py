"""The stock of vouchers and the cash box."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from claims.models import Way
from common.dates import today
from common.paging import page_of
from payments.by_hand import pages
from payments.by_hand.forms import BuyForm, CountForm, WriteOffForm
from payments.by_hand.scope import BY_HAND, START, organisation_of, step_page, way_of
from payments.permissions import may_keep_accounts
from payments.queries.runs import READERS
from payments.services import cash, stock
from people.forms import sent
from people.models import FINANCE, Person
from people.permissions import COUNTING, in_force
from people.standing import person_of


def stock_page(request: HttpRequest, code: str) -> HttpResponse:
    """What was bought, and how much of it is in the drawer, with people, or written off."""
    organisation = organisation_of(request, code, READERS)
    way_of(organisation, Way.VOUCHER)
    shown = {
        "organisation": organisation,
        "stock": pages.stock_of(organisation),
        "page": page_of(pages.batches(organisation), request.GET),
        "keeps": may_keep_accounts(person_of(request), organisation) is None,
        "me": person_of(request),
        "today": today(),
        "soon": today() + pages.SOON,
        "breadcrumbs": [START, BY_HAND],
    }
    return render(request, "payments/by_hand/stock.html", shown)


def buy(request: HttpRequest, code: str) -> HttpResponse:
    """Take vouchers that were bought into stock."""
    organisation = organisation_of(request, code, FINANCE)
    way_of(organisation, Way.VOUCHER)
    form, here = BuyForm(sent(request)), reverse("by-hand:stock", args=[organisation.code])
    return step_page(
        request,
        form,
        "buy",
        partial(form.post, stock.buy_vouchers, actor=person_of(request), organisation=organisation),
        said="The vouchers are in stock.",
        then=lambda made: here,
        back=here,
        title="Take vouchers into stock",
        caption=organisation.name,
        button="They are in stock",
    )


def write_off(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Say that vouchers in stock are worth nothing any more."""
    actor = person_of(request)
    batch = get_object_or_404(pages.batches_kept(actor), pk=int(batch_id))
    form, here = WriteOffForm(sent(request)), reverse("by-hand:stock", args=[batch.organisation.code])
    own = "You bought these vouchers, so somebody else has to write them off."
    there = stock.in_stock(batch.organisation, usable=False).filter(batch=batch).count()
    return step_page(
        request,
        form,
        "write_off",
        partial(form.post, stock.write_off_vouchers, actor=actor, batch_id=batch.pk),
        said="The vouchers are written off.",
        then=lambda made: here,
        back=here,
        title="Write vouchers off?",
        button="Write them off",
        batch=batch,
        there=there,
        why_not=own if batch.bought_by_id == actor.pk else None,
    )


def counts(request: HttpRequest, code: str) -> HttpResponse:
    """Every count of the cash box."""
    organisation = organisation_of(request, code, READERS)
    offered = way_of(organisation, Way.CASH)
    shown = {
        "organisation": organisation,
        "held": cash.held(offered.control),
        "page": page_of(pages.counts(organisation), request.GET),
        "keeps": may_keep_accounts(person_of(request), organisation) is None,
        "breadcrumbs": [START, BY_HAND],
    }
    return render(request, "payments/by_hand/counts.html", shown)


def count(request: HttpRequest, code: str) -> HttpResponse:
    """Write down what two people counted. The page does not say what the books hold, so that they count."""
    actor, organisation = person_of(request), organisation_of(request, code, FINANCE)
    way_of(organisation, Way.CASH)
    others = Person.objects.filter(
        roles__in=organisation.roles.filter(in_force(today()), COUNTING, kind__in=FINANCE)
    )
    form = CountForm(sent(request), colleagues=list(others.exclude(pk=actor.pk).order_by("name").distinct()))
    here = reverse("by-hand:counts", args=[organisation.code])
    return step_page(
        request,
        form,
        "count",
        partial(form.post, cash.count_cash, actor=actor, organisation=organisation),
        said="The count is written down.",
        then=lambda made: here,
        back=here,
        title="Count the cash",
        caption=organisation.name,
        button="This is what we counted",
    )
