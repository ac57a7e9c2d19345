"""Budgets of a project."""

from django.urls import re_path

from ledger import views

ONE = r"^(?P<project_id>[0-9]{1,18})/budgets/"

app_name = "budgets"
urlpatterns = [
    re_path(ONE + r"\Z", views.budget_list, name="list"),
    re_path(ONE + r"propose/\Z", views.propose_budget, name="propose"),
    re_path(ONE + r"(?P<version>[0-9]{1,9})/\Z", views.budget, name="version"),
]
