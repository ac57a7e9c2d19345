"""Reading pages that ask across apps: claims and where their money is, projects, history."""

from django.urls import path, re_path

from reports import views

app_name = "reports"
urlpatterns = [
    path("projects/", views.project_list, name="projects"),
    re_path(r"^projects/(?P<project_id>[0-9]{1,18})/\Z", views.position, name="position"),
    re_path(r"^projects/(?P<project_id>[0-9]{1,18})/budget\.svg\Z", views.picture, name="picture"),
    path("trail/", views.trail, name="trail"),
    re_path(
        r"^history/(?P<subject>claim|payment|run|project|person)/(?P<key>[A-Z]?[0-9]{1,18})/\Z",
        views.history,
        name="history",
    ),
]
claim_urls = (
    [
        path("", views.claim_list, name="list"),
        re_path(r"^(?P<reference>C[0-9]{6,11})/\Z", views.claim, name="claim"),
    ],
    "claims",
)
