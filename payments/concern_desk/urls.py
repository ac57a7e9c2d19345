"""Money that did not arrive, was too much, or is owed to somebody who has died."""

from django.urls import URLPattern, path, re_path

from payments.concern_desk import asking, views

app_name = "concerns"
CONCERN = r"^(?P<concern_id>[0-9]{1,18})/"
PAYMENT = r"(?P<payment_id>[0-9]{1,18})/\Z"
PERSON = r"(?P<number>P[0-9]{6,11})/\Z"

urlpatterns: list[URLPattern] = [
    path("", views.concern_list, name="list"),
    re_path(rf"{CONCERN}\Z", views.concern, name="concern"),
    re_path(rf"^not-arrived/{PAYMENT}", asking.not_arrived, name="not-arrived"),
    re_path(rf"^not-arrived/for/{PERSON}", asking.not_arrived_for, name="not-arrived-for"),
    re_path(rf"^overpaid/{PAYMENT}", asking.overpaid, name="overpaid"),
    re_path(rf"^died/{PERSON}", asking.died, name="died"),
    re_path(rf"{CONCERN}note/\Z", views.note, name="note"),
    re_path(rf"{CONCERN}payment/\Z", views.name_payment, name="payment"),
    re_path(rf"{CONCERN}arrived/\Z", views.arrived, name="arrived"),
    re_path(rf"{CONCERN}never-taken/\Z", views.never_taken, name="never-taken"),
    re_path(rf"{CONCERN}write-off/\Z", views.write_off, name="write-off"),
    re_path(rf"{CONCERN}repayment/\Z", views.repayment, name="repayment"),
    re_path(rf"{CONCERN}estate/\Z", views.estate, name="estate"),
    re_path(rf"{CONCERN}estate/check/\Z", views.check_estate, name="estate-check"),
    re_path(rf"{CONCERN}settled/\Z", views.settled, name="settled"),
    re_path(rf"{CONCERN}mistake/\Z", views.mistake, name="mistake"),
    re_path(rf"{CONCERN}agree/\Z", views.agree, name="agree"),
    re_path(rf"{CONCERN}decline/\Z", views.decline, name="decline"),
]
