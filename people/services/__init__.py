"""Set up people, logins, organisations, projects, roles and links."""

from people.services.links import end_link, end_parts, link
from people.services.organisations import (
    add_organisation,
    change_organisation,
    set_adviser,
    set_statement_name,
)
from people.services.persons import add_login, add_person, change_person, invite_person
from people.services.projects import add_partner, add_project, change_project, set_partners
from people.services.roles import confirm_role, end_role, grant_role

__all__ = [
    "add_login",
    "add_organisation",
    "add_partner",
    "add_person",
    "add_project",
    "change_organisation",
    "change_person",
    "change_project",
    "confirm_role",
    "end_link",
    "end_parts",
    "end_role",
    "grant_role",
    "invite_person",
    "link",
    "set_partners",
    "set_adviser",
    "set_statement_name",
]
