"""Rate policies, for those who keep them; what we pay, for everybody."""

from django.urls import path, re_path

from claims import policy_views as views

ONE = r"^(?P<code>[-\w]{1,20})/"
VERSION = ONE + r"(?P<version>[0-9]{1,9})/\Z"

policy_urls = (
    [
        re_path(ONE + r"\Z", views.policy_list, name="list"),
        re_path(ONE + r"propose/\Z", views.propose, name="propose"),
        re_path(VERSION, views.policy, name="policy"),
    ],
    "policies",
)
what_we_pay_urls = (
    [
        path("", views.start, name="start"),
        re_path(ONE + r"\Z", views.what_we_pay, name="now"),
        re_path(VERSION, views.what_we_pay, name="version"),
    ],
    "what-we-pay",
)
