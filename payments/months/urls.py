"""Months of the books, and what is posted by hand."""

from django.urls import path, re_path

from payments.months import posting_views, views

OF = r"^(?P<code>[-a-zA-Z0-9_]{1,20})/"
MONTH = rf"{OF}(?P<month>[0-9]{{6}})/"
ASKED = rf"{MONTH}reopenings/(?P<reopening_id>[0-9]{{1,18}})/"

app_name = "months"
urlpatterns = [
    path("", views.month_list, name="list"),
    re_path(rf"{MONTH}\Z", views.month_page, name="month"),
    re_path(rf"{MONTH}close/\Z", views.close, name="close"),
    re_path(rf"{MONTH}explain/(?P<item>statements|returned|suspense)/\Z", views.explain, name="explain"),
    re_path(rf"{MONTH}reopen/\Z", views.reopen, name="reopen"),
    re_path(rf"{ASKED}confirm/\Z", views.confirm, name="confirm"),
    re_path(rf"{ASKED}withdraw/\Z", views.withdraw, name="withdraw"),
    re_path(rf"{OF}open-books/\Z", posting_views.open_account, name="open-books"),
    re_path(rf"{OF}fund/\Z", posting_views.fund_project, name="fund"),
    re_path(rf"{OF}entries/(?P<number>[0-9]{{1,8}})/\Z", posting_views.entry, name="entry"),
]
