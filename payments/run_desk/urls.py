"""Payment runs, for those who make, sign and send them. The pages that only read are in `payments.urls`."""

from django.urls import path, re_path

from payments.run_desk import paper_views, views

app_name = "runs"
RUN = r"^runs/(?P<run_id>[0-9]{1,18})"
PART = r"(?P<which>paper|all)-(?P<part>[1-9][0-9]{0,3})"

urlpatterns = [
    path("due/", views.due, name="due"),
    re_path(r"^due/(?P<code>[-\w]{1,20})/prepare/\Z", views.prepare, name="prepare"),
    re_path(rf"{RUN}/sheet/\Z", paper_views.sheet, name="sheet"),
    re_path(rf"{RUN}/sheet\.pdf\Z", paper_views.sheet_file, name="sheet-pdf"),
    re_path(rf"{RUN}/sign/\Z", views.sign, name="sign"),
    re_path(rf"{RUN}/send/\Z", views.release, name="release"),
    re_path(rf"{RUN}/void/\Z", views.void, name="void"),
    re_path(r"^(?P<payment_id>[0-9]{1,18})/take-out/\Z", views.take_out, name="take-out"),
    re_path(rf"{RUN}/file/\Z", paper_views.bank_file, name="file"),
    re_path(rf"{RUN}/letters/\Z", paper_views.letters, name="letters"),
    re_path(rf"{RUN}/letters/{PART}\.pdf\Z", paper_views.pages, name="pages"),
]
