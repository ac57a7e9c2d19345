"""Files that are made in the background."""

from django.urls import path, re_path

from reports.exports import views

FILE = r"^(?P<file_id>[0-9]{1,18})/"

app_name = "exports"
urlpatterns = [
    path("", views.file_list, name="list"),
    path("workbook/", views.workbook, name="workbook"),
    path("journal/", views.journal, name="journal"),
    path("trail/", views.trail, name="trail"),
    path("checks/", views.checks, name="checks"),
    re_path(FILE + r"\Z", views.file, name="file"),
    re_path(FILE + r"download/\Z", views.download, name="download"),
]
