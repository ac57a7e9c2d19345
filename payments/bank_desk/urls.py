"""The bank desk."""

from django.urls import path, re_path

from payments.bank_desk import account_views, line_views, month_views

app_name = "bank"
ACCOUNT = r"^(?P<account_id>[0-9]{1,18})"
LINE = r"^lines/(?P<line_id>[0-9]{1,18})"
MONTH = rf"{ACCOUNT}/(?P<month>[0-9]{{6}})"

urlpatterns = [
    path("", account_views.accounts, name="accounts"),
    path("add/", account_views.add, name="add"),
    re_path(rf"{ACCOUNT}/\Z", account_views.account, name="account"),
    re_path(rf"{ACCOUNT}/columns/\Z", account_views.columns, name="columns"),
    re_path(rf"{ACCOUNT}/upload/\Z", account_views.upload, name="upload"),
    re_path(r"^statements/(?P<statement_id>[0-9]{1,18})/\Z", account_views.statement, name="statement"),
    path("lines/", line_views.lines, name="lines"),
    re_path(rf"{LINE}/\Z", line_views.line, name="line"),
    re_path(rf"{LINE}/undo/\Z", line_views.undo_line, name="undo"),
    re_path(rf"{MONTH}/\Z", month_views.month_page, name="reconciliation"),
    re_path(rf"{MONTH}/sign/\Z", month_views.sign, name="sign"),
    re_path(rf"{MONTH}/reconciliation\.pdf\Z", month_views.as_pdf, name="pdf"),
    re_path(rf"{MONTH}/reconciliation\.xlsx\Z", month_views.as_workbook, name="workbook"),
]
