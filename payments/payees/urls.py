"""Payees: the lists, one person, and the steps of checking their bank details."""

from django.urls import path, re_path

from payments.payees import views

app_name = "payees"
PAYEE = r"^(?P<number>P[0-9]{6,11})/"
DETAILS = PAYEE + r"details/(?P<details_id>[0-9]{1,18})/"

urlpatterns = [
    path("", views.payee_list, name="list"),
    re_path(PAYEE + r"\Z", views.payee, name="payee"),
    re_path(PAYEE + r"enter/\Z", views.enter_details, name="enter"),
    re_path(DETAILS + r"verify/\Z", views.verify_details, name="verify"),
    re_path(DETAILS + r"reveal/\Z", views.reveal_details, name="reveal"),
    re_path(DETAILS + r"refuse/\Z", views.refuse_details, name="refuse"),
]
