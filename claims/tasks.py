"""Background work: each task calls one service. Its row in the queue holds keys, or what is sealed."""

from django_tasks import task

from claims.services import advising, reminding


@task()
def pass_on(offer_id: int, sealed: str) -> None:
    """After any answer: write to the adviser, if that was asked for."""
    advising.pass_on(offer_id, sealed)


@task()
def remind(offer_id: int) -> None:
    """Two days before an activity: remind who has not answered."""
    reminding.remind(offer_id)
