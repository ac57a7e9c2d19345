"""How we write to somebody: their own page."""

from django.urls import path, re_path

from people import contact_views as views

app_name = "contact"
urlpatterns = [
    path("", views.overview, name="overview"),
    re_path(r"^(?P<part>channel|print|email|phone|address)/\Z", views.change, name="change"),
]
