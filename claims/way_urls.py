"""How somebody is paid: their own page. The number is that of the organisation."""

from django.urls import path, re_path

from claims import way_views as views

app_name = "paid"
urlpatterns = [
    path("", views.overview, name="overview"),
    re_path(r"^(?P<organisation_id>[0-9]{1,18})/(?P<kind>time|costs)/\Z", views.change, name="change"),
]
