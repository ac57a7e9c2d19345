"""Money promised or asked for, until the books hold it.

A commitment row is opened and closed, never edited: a change of amount or stage closes one row and
opens the next.
"""

from common.dates import now
from ledger.models import Commitment, Stage
from people.models import Project


def open_commitment(*, project: Project, category: str, stage: Stage, amount: int, source: str) -> Commitment:
    """Reserve `amount` minor units for a source like `offer:12` or `line:44`."""
    return Commitment.objects.create(
        organisation_id=project.organisation_id,
        project=project,
        category=category,
        stage=stage,
        amount=amount,
        source=source,
    )


def close_commitments(source: str) -> int:
    """Close whatever is still open for this source; returns how many rows that were."""
    return Commitment.objects.filter(source=source, closed_at__isnull=True).update(closed_at=now())


def move_commitment(
    *, source: str, project: Project, category: str, amount: int, stage: Stage = Stage.CLAIMED
) -> Commitment:
    """Close what is open for this source, project and category, and open it at a new stage and amount."""
    was = Commitment.objects.filter(source=source, project=project, category=category, closed_at__isnull=True)
    was.update(closed_at=now())
    return open_commitment(project=project, category=category, stage=stage, amount=amount, source=source)
