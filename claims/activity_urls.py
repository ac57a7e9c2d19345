"""Activities, for link people and leads who set them up."""

from django.urls import path, re_path

from claims import activity_views as views

ONE = r"^(?P<activity_id>[0-9]{1,18})/"

app_name = "activities"
urlpatterns = [
    path("", views.activity_list, name="list"),
    re_path(r"^add/(?P<project_id>[0-9]{1,18})/\Z", views.add, name="add"),
    re_path(ONE + r"\Z", views.activity, name="activity"),
    re_path(ONE + r"change/\Z", views.change, name="change"),
    re_path(ONE + r"ask/\Z", views.ask, name="ask"),
    re_path(ONE + r"cancel/\Z", views.cancel, name="cancel"),
]
