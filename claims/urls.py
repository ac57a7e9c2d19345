"""The claim journey. The pages that only read a claim are in `reports`."""

from django.urls import path, re_path

from claims.journey import adding, sending, starting

app_name = "journey"
CLAIM = r"^(?P<reference>C[0-9]{6,11})"
LINE = rf"{CLAIM}/lines/(?P<position>[0-9]{{1,6}})"
PERSON = r"(?P<number>P[0-9]{6,11})"

urlpatterns = [
    path("new/", starting.start, name="start"),
    path("new/other/", starting.other, name="other"),
    path("new/for/", starting.choose, name="choose"),
    re_path(rf"^new/for/{PERSON}/\Z", starting.start, name="start-for"),
    re_path(rf"^new/for/{PERSON}/other/\Z", starting.other, name="other-for"),
    path("miles/", sending.miles, name="miles"),
    re_path(rf"^miles/{PERSON}/\Z", sending.miles, name="miles-for"),
    re_path(rf"{CLAIM}/time/\Z", starting.time, name="time"),
    re_path(rf"{CLAIM}/hours/\Z", starting.hours, name="hours"),
    re_path(rf"{CLAIM}/cost/\Z", adding.cost, name="cost"),
    re_path(rf"{CLAIM}/travel/\Z", adding.travel, name="travel"),
    re_path(rf"{CLAIM}/more-time/\Z", adding.more_time, name="more-time"),
    re_path(rf"{CLAIM}/cost/(?P<code>[a-z]{{2,20}})/\Z", adding.details, name="details"),
    re_path(rf"{CLAIM}/check/\Z", sending.check, name="check"),
    re_path(rf"{CLAIM}/sent/\Z", sending.sent, name="sent"),
    re_path(rf"{CLAIM}/withdraw/\Z", sending.withdraw, name="withdraw"),
    re_path(rf"{LINE}/\Z", sending.line, name="line"),
    re_path(rf"{LINE}/remove/\Z", sending.remove, name="remove"),
    re_path(rf"{LINE}/receipt/\Z", adding.receipt, name="receipt"),
    re_path(rf"{LINE}/post/\Z", adding.post, name="post"),
    re_path(rf"{LINE}/lost/\Z", adding.lost, name="lost"),
    re_path(rf"{LINE}/answer/\Z", sending.answer, name="answer"),
]
