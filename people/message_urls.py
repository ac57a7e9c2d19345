"""Letters to print and people to ring."""

from django.urls import URLPattern, path, re_path

from people import message_views as views

_letters: list[URLPattern] = [
    path("", views.letters, name="list"),
    re_path(r"^print/(?P<code>[-\w]{1,20})/\Z", views.print_waiting, name="print"),
    re_path(r"^(?P<pack_id>[0-9]{1,18})/\Z", views.pack, name="pack"),
    re_path(r"^(?P<pack_id>[0-9]{1,18})/letters\.pdf\Z", views.pages, name="pages"),
]
_calls: list[URLPattern] = [
    path("", views.calls, name="list"),
    re_path(r"^(?P<message_id>[0-9]{1,18})/told/\Z", views.told, name="told"),
]
letter_urls, call_urls = (_letters, "letters"), (_calls, "calls")
