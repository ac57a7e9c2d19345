"""What a person sees of the money they received."""

from django.urls import path, re_path

from payments.own_money import paper_views, views

_YEAR = r"^statements/(?P<year>20[0-9]{2}-[0-9]{2})/"
_PAYER = rf"{_YEAR}(?P<organisation_id>[0-9]{{1,18}})/"
_SIZE = r"(?P<size>standard|large)/\Z"

app_name = "own-money"
urlpatterns = [
    path("", views.overview, name="totals"),
    path("statements/", paper_views.statements, name="statements"),
    path("letters/", paper_views.letters, name="letters"),
    re_path(rf"{_YEAR}\Z", paper_views.statement_page, name="statement"),
    re_path(rf"{_YEAR}{_SIZE}", paper_views.statement_file, name="statement-file"),
    re_path(rf"{_PAYER}\Z", paper_views.statement_page, name="statement-of"),
    re_path(rf"{_PAYER}{_SIZE}", paper_views.statement_file, name="statement-file-of"),
]
