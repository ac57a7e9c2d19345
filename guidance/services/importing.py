"""Take in a file of texts and figures: what is new becomes a version, the rest stays."""

from dataclasses import dataclass

from django.db import transaction

from common.errors import DomainError
from common.money import parse_amount
from guidance.formats.register import FigureRow, Register, RegisterError, TextRow, read_register
from guidance.models import Figure, Text, Topic, Unit
from guidance.permissions import may_keep
from guidance.services.figures import check_figure, enter_figure
from guidance.services.texts import check_text, propose_text
from people.models import Organisation, Person
from people.permissions import require


@dataclass(frozen=True)
class Taken:
    """How many rows of a file were new, how many a second person checked, and how many are doubtful."""

    texts: int
    figures: int
    checked: int
    doubtful: int


@transaction.atomic
def import_register(
    *, actor: Person | None, organisation: Organisation, content: str, second: Person | None = None
) -> Taken:
    """Add what a file has and the register has not. The same file again adds nothing.

    With a `second` person what is new is checked by them, but for figures that the file marks as doubtful:
    those wait until somebody has looked at a source. Raises RegisterError with all that is wrong.
    """
    register = read_register(content)
    if register.figures and organisation.currency != register.currency:
        raise DomainError(
            f"The figures are in {register.currency}, {organisation} in {organisation.currency}."
        )
    _refuse_unknown(register)
    if actor is not None:
        require(may_keep(actor, organisation))
    texts = [_text(actor, organisation, row) for row in register.texts if not _is_known(organisation, row)]
    figures = [
        _figure(actor, organisation, row, register)
        for row in register.figures
        if not _is_entered(organisation, row, register)
    ]
    checked = 0
    if second is not None:
        for text in texts:
            check_text(actor=second, text_id=text.pk)
        sure = [figure for figure in figures if not figure.is_doubtful]
        for figure in sure:
            check_figure(actor=second, figure_id=figure.pk)
        checked = len(texts) + len(sure)
    return Taken(len(texts), len(figures), checked, sum(figure.is_doubtful for figure in figures))


def _refuse_unknown(register: Register) -> None:
    """Topics and units are closed lists."""
    wrong = [
        f"{row.title}: “{row.topic}” is no topic." for row in register.texts if row.topic not in Topic.values
    ]
    wrong += [
        f"{row.name}: “{row.unit}” is no unit." for row in register.figures if row.unit not in Unit.values
    ]
    if wrong:
        raise RegisterError("\n".join(wrong))


def _is_known(organisation: Organisation, row: TextRow) -> bool:
    same = organisation.guidance_texts.filter(topic=row.topic, title=row.title, body=row.body)
    return any(text.sources == row.sources_as_kept() for text in same)


def _text(actor: Person | None, organisation: Organisation, row: TextRow) -> Text:
    return propose_text(
        actor=actor,
        organisation=organisation,
        topic=row.topic,
        title=row.title,
        body=row.body,
        sources=row.sources_as_kept(),
        review_on=row.review_on,
    )


def _is_entered(organisation: Organisation, row: FigureRow, register: Register) -> bool:
    return organisation.guidance_figures.filter(
        name=row.name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        amount=parse_amount(row.amount, register.currency),
        unit=row.unit,
        url=row.url,
    ).exists()


def _figure(actor: Person | None, organisation: Organisation, row: FigureRow, register: Register) -> Figure:
    return enter_figure(
        actor=actor,
        organisation=organisation,
        name=row.name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        amount=parse_amount(row.amount, register.currency),
        unit=row.unit,
        source=row.source,
        url=row.url,
        read_on=row.read_on,
        is_doubtful=row.is_doubtful,
    )
