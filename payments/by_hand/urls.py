"""What is paid by hand: its ways, runs, hand-overs, vouchers and cash."""

from django.urls import path, re_path

from payments.by_hand import hand_views, stock_views, views
from payments.workflow import BY_HAND

app_name = "by-hand"
CODE = r"^(?P<code>[-\w]{1,20})"
WAY = rf"{CODE}/(?P<way>{'|'.join(sorted(BY_HAND))})"
PAYMENT = r"^payments/(?P<payment_id>[0-9]{1,18})"
HANDED = r"^handed/(?P<hand_over_id>[0-9]{1,18})"

urlpatterns = [
    path("", views.overview, name="overview"),
    re_path(rf"{CODE}/ways/\Z", views.ways, name="ways"),
    re_path(rf"{WAY}/change/\Z", views.way, name="way"),
    re_path(rf"{WAY}/prepare/\Z", views.prepare, name="prepare"),
    re_path(rf"{WAY}/waiting/\Z", hand_views.waiting, name="waiting"),
    re_path(rf"{WAY}/handed/\Z", hand_views.handed, name="handed"),
    re_path(rf"{PAYMENT}/\Z", hand_views.hand_over, name="hand-over"),
    re_path(rf"{PAYMENT}/not/\Z", hand_views.not_handed_over, name="not"),
    re_path(rf"{HANDED}/\Z", hand_views.one, name="one"),
    re_path(rf"{HANDED}/collected/\Z", hand_views.collected, name="collected"),
    re_path(rf"{HANDED}/back/\Z", hand_views.back, name="back"),
    re_path(rf"{HANDED}/undo/\Z", hand_views.undo, name="undo"),
    re_path(rf"{HANDED}/codes/\Z", hand_views.codes, name="codes"),
    re_path(rf"{CODE}/stock/\Z", stock_views.stock_page, name="stock"),
    re_path(rf"{CODE}/stock/buy/\Z", stock_views.buy, name="buy"),
    re_path(r"^stock/(?P<batch_id>[0-9]{1,18})/write-off/\Z", stock_views.write_off, name="write-off"),
    re_path(rf"{CODE}/counts/\Z", stock_views.counts, name="counts"),
    re_path(rf"{CODE}/counts/new/\Z", stock_views.count, name="count"),
]
