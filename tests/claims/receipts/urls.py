"""The address of a receipt beside every other address."""

from django.urls import re_path

from claims.receipt_views import receipt
from config.urls import urlpatterns as site

urlpatterns = [re_path(r"^receipts/(?P<handle>UP[0-9]{6,10})/\Z", receipt, name="receipt"), *site]
