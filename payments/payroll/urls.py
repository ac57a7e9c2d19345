"""Payroll: whose money for time goes through it, its runs, and what it has paid."""

from django.urls import path, re_path

from payments.payroll import views

app_name = "payroll"
urlpatterns = [
    path("", views.overview, name="overview"),
    re_path(r"^(?P<code>[-\w]{1,20})/mark/\Z", views.mark, name="mark"),
    re_path(r"^(?P<code>[-\w]{1,20})/prepare/\Z", views.prepare, name="prepare"),
    re_path(r"^marks/(?P<mark_id>[0-9]{1,18})/end/\Z", views.end, name="end"),
    re_path(r"^runs/(?P<run_id>[0-9]{1,18})/confirm/\Z", views.confirm, name="confirm"),
    re_path(r"^confirmations/(?P<confirmation_id>[0-9]{1,18})/undo/\Z", views.undo, name="undo"),
]
