"""What commands are told on the command line: organisations, projects and people, found or refused."""

from common.errors import DomainError
from people.models import Organisation, Person, Project


class NotFound(DomainError):
    """A code or an address that nobody and nothing here has."""


def organisation_by_code(code: str) -> Organisation:
    """Raises NotFound."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise NotFound(f"There is no organisation with the code “{code}”.")
    return found


def project_by_code(organisation: Organisation, code: str) -> Project:
    """Raises NotFound."""
    found = organisation.projects.filter(code=code).first()
    if found is None:
        raise NotFound(f"{organisation} has no project with the code “{code}”.")
    return found


def person_by_email(email: str) -> Person:
    """The person of a login. Raises NotFound."""
    found = Person.objects.filter(logins__email=email.strip().lower(), logins__is_active=True).first()
    if found is None:
        raise NotFound(f"There is no login with the e-mail “{email}”.")
    return found
