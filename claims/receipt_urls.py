"""The address of a receipt: for whoever may see the claim that it belongs to."""

from django.urls import re_path

from claims import receipt_views

app_name = "receipts"
urlpatterns = [
    re_path(r"^(?P<handle>UP[0-9]{6,10})/\Z", receipt_views.receipt, name="receipt"),
]
