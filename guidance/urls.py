"""Help with money and benefits, for everybody; the register, for administrators."""

from django.urls import path, re_path

from guidance import views

ONE = r"^guidance/(?P<code>[-\w]{1,20})/"
TOPIC = ONE + r"texts/(?P<topic>[a-z]{1,10})/"
VERSION = TOPIC + r"(?P<version>[0-9]{1,9})/"

app_name = "guidance"
urlpatterns = [
    path("help-with-money/", views.help_page, name="help"),
    re_path(r"^help-with-money/shown/(?P<shown_id>[0-9]{1,18})/\Z", views.was_shown, name="shown"),
    re_path(ONE + r"\Z", views.register, name="register"),
    re_path(TOPIC + r"propose/\Z", views.propose, name="propose"),
    re_path(VERSION + r"\Z", views.text, name="text"),
    re_path(VERSION + r"review/\Z", views.review, name="review"),
    re_path(ONE + r"figures/add/\Z", views.add_figure, name="figure-add"),
    re_path(ONE + r"figures/(?P<figure_id>[0-9]{1,18})/\Z", views.figure, name="figure"),
]
