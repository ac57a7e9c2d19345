"""Deciding claims. The pages that only read a claim are in `reports`."""

from django.urls import re_path

from claims.deciding import views

app_name = "deciding"
CLAIM = r"^(?P<reference>C[0-9]{6,11})"

urlpatterns = [
    re_path(rf"{CLAIM}/decide/\Z", views.decide, name="decide"),
    re_path(rf"{CLAIM}/decisions/(?P<decision_id>[0-9]{{1,18}})/undo/\Z", views.undo, name="undo"),
]
