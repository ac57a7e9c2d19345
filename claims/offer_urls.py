"""Invitations, for who was asked and who helps them. The number is that of the offer."""

from django.urls import path, re_path

from claims import offer_views as views

ONE = r"^(?P<offer_id>[0-9]{1,18})/"

app_name = "invitations"
urlpatterns = [
    path("", views.invitation_list, name="list"),
    path("usual/", views.usual, name="usual"),
    re_path(ONE + r"\Z", views.invitation, name="invitation"),
    re_path(ONE + r"answer/\Z", views.answer, name="answer"),
    re_path(ONE + r"answered/\Z", views.answered, name="answered"),
    re_path(ONE + r"costs/\Z", views.costs, name="costs"),
    re_path(ONE + r"time/\Z", views.time, name="time"),
    re_path(ONE + r"read-out/\Z", views.read_out, name="read-out"),
    re_path(ONE + r"sheet\.pdf\Z", views.sheet, name="sheet"),
]
