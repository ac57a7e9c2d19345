"""A person's own bank details."""

from django.urls import path

from payments import details_views as views

app_name = "bank-details"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("change/", views.change, name="change"),
    path("sent/", views.sent, name="sent"),
]
