"""The learning fund: one's own, and what people asked for."""

from django.urls import path, re_path

from payments.learning import views

app_name = "learning"
urlpatterns = [
    path("your-learning-fund/", views.own, name="own"),
    re_path(r"^your-learning-fund/(?P<code>[-\w]{1,20})/ask/\Z", views.ask, name="ask"),
    path("learning-funds/", views.asked, name="asked"),
    re_path(r"^learning-funds/(?P<spend_id>[0-9]{1,18})/\Z", views.answer, name="answer"),
]
