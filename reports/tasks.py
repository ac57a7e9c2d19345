"""Background work of the reports: each task calls one service. Its row in the queue holds a key."""

from django_tasks import task

from reports.exports.working import work


@task()
def prepare_file(file_id: int) -> None:
    """Make a file that somebody asked for."""
    work(file_id)
