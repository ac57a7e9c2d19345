"""Setting up: organisations, people, their parts and projects."""

from django.urls import path, re_path

from people.views import organisations, persons, projects, roles

ORGANISATION = r"^organisations/(?P<code>[-\w]{1,20})/"
PROJECT = ORGANISATION + r"projects/(?P<project_id>[0-9]{1,18})/"
PERSON = r"^people/(?P<number>P[0-9]{6,11})/"
ROLE = r"^roles/(?P<role_id>[0-9]{1,18})/"

app_name = "people"
urlpatterns = [
    path("organisations/", organisations.organisation_list, name="organisations"),
    re_path(ORGANISATION + r"\Z", organisations.organisation, name="organisation"),
    re_path(ORGANISATION + r"details/\Z", organisations.change, name="organisation-change"),
    re_path(ORGANISATION + r"adviser/\Z", organisations.adviser, name="adviser"),
    re_path(ORGANISATION + r"bank-line/\Z", organisations.statement_name, name="statement-name"),
    re_path(ORGANISATION + r"projects/add/\Z", projects.add, name="project-add"),
    re_path(PROJECT + r"\Z", projects.project, name="project"),
    re_path(PROJECT + r"change/\Z", projects.change, name="project-change"),
    re_path(PROJECT + r"shares/\Z", projects.shares, name="project-shares"),
    re_path(ORGANISATION + r"people/add/\Z", persons.add, name="person-add"),
    path("people/", persons.person_list, name="people"),
    re_path(PERSON + r"\Z", persons.person, name="person"),
    re_path(PERSON + r"details/\Z", persons.change, name="person-change"),
    re_path(PERSON + r"sign-in/\Z", persons.invite, name="person-invite"),
    re_path(PERSON + r"parts/(?P<code>[-\w]{1,20})/\Z", roles.grant, name="role-grant"),
    re_path(PERSON + r"leave/(?P<code>[-\w]{1,20})/\Z", persons.leave, name="person-leave"),
    re_path(PERSON + r"links/add/\Z", persons.add_link, name="link-add"),
    re_path(PERSON + r"links/(?P<link_id>[0-9]{1,18})/end/\Z", persons.close_link, name="link-end"),
    path("roles/", roles.waiting, name="roles"),
    re_path(ROLE + r"confirm/\Z", roles.confirm, name="role-confirm"),
    re_path(ROLE + r"end/\Z", roles.end, name="role-end"),
]
