"""Count the time that people gave in the books, beside cost and budget: by month and project, by no name."""

from audit.actions import Action
from audit.services import record
from claims.queries.wall import given_time
from common.dates import last_day, month_name
from ledger.models import AccountKind, JournalEntry
from ledger.services.accounts import account
from ledger.services.posting import Leg, post_entry
from people.models import Organisation, Person


def post_given_time(*, actor: Person, organisation: Organisation, month: int) -> list[JournalEntry]:
    """Post what was given in each project, in a month (as in 202611) that is over and about to be closed.

    In the caller's transaction, behind its lock on the month; once for each project and month.
    """
    posted = []
    for project in organisation.projects.order_by("pk"):
        given = given_time(project).get(month, 0)
        source = f"given:{project.pk}:{month}"
        if not given or JournalEntry.objects.filter(organisation=organisation, source=source).exists():
            continue
        in_project = account(organisation, AccountKind.GIVEN_TIME, project)
        by_people = account(organisation, AccountKind.GIVEN_TIME)
        entry = post_entry(
            organisation=organisation,
            source=source,
            narrative=f"Given time, {project.code}, {month_name(month)}",
            date=last_day(month),
            legs=[Leg(debit=in_project, credit=by_people, amount=given)],
            actor=actor,
        )
        record(
            actor=actor,
            action=Action.GIVEN_TIME_COUNTED,
            subject=entry,
            organisation_id=organisation.pk,
            project_id=project.pk,
            month=month,
            amount=given,
        )
        posted.append(entry)
    return posted
