"""Every address of the site. Each needs a row in `config.access`."""

from django.urls import URLPattern, URLResolver, include, path

from claims.policy_urls import policy_urls, what_we_pay_urls
from config import views
from people.message_urls import call_urls, letter_urls
from reports.search_views import search
from reports.urls import claim_urls
from reports.views import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("search/", search, name="search"),
    path("", include("reports.urls")),
    path("claims/", include(claim_urls)),
    path("", include("people.urls")),
    path("", include("guidance.urls")),
    path("activities/", include("claims.activity_urls")),
    path("policies/", include(policy_urls)),
    path("what-we-pay/", include(what_we_pay_urls)),
    path("projects/", include("ledger.urls")),
    path("claims/", include("claims.urls")),
    path("claims/", include("claims.deciding.urls")),
    path("receipts/", include("claims.receipt_urls")),
    path("invitations/", include("claims.offer_urls")),
    path("how-you-are-paid/", include("claims.way_urls")),
    path("payments/", include("payments.urls")),
    path("payments/", include("payments.run_desk.urls")),
    path("payees/", include("payments.payees.urls")),
    path("bank/", include("payments.bank_desk.urls")),
    path("payments/payroll/", include("payments.payroll.urls")),
    path("payments/by-hand/", include("payments.by_hand.urls")),
    path("months/", include("payments.months.urls")),
    path("concerns/", include("payments.concern_desk.urls")),
    path("", include("payments.learning.urls")),
    path("your-money/", include("payments.own_money.urls")),
    path("your-bank-details/", include("payments.details_urls")),
    path("how-we-write-to-you/", include("people.contact_urls")),
    path("letters/", include(letter_urls)),
    path("calls/", include(call_urls)),
    path("exports/", include("reports.exports.urls")),
    path("demo/", include("demo.urls")),
    path("health/", views.health, name="health"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("account/", include("allauth.urls")),
]
