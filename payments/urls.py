"""Payments, payment runs and remittance advices."""

from django.urls import path, re_path

from payments import views

app_name = "payments"
urlpatterns = [
    path("", views.payment_list, name="list"),
    re_path(r"^(?P<payment_id>[0-9]{1,18})/\Z", views.payment, name="payment"),
    re_path(r"^(?P<payment_id>[0-9]{1,18})/code/\Z", views.code, name="code"),
    path("runs/", views.run_list, name="runs"),
    re_path(r"^runs/(?P<run_id>[0-9]{1,18})/\Z", views.run, name="run"),
    re_path(r"^remittances/(?P<number>R[0-9]{6,11})/\Z", views.remittance, name="remittance"),
]
