"""A figure has a year, a source and two people; what nobody has seen at a source is hidden."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from common.dates import now
from common.errors import DomainError, IllegalMove, NotPermitted
from guidance import queries
from guidance.models import Figure
from guidance.services import check_figure, enter_figure
from tests.cast import Cast


def entered(cast: Cast, **changes: Any) -> Figure:
    asked: dict[str, Any] = {
        "actor": cast.abel,
        "organisation": cast.riverside,
        "name": "A limit",
        "starts_on": date(2026, 4, 6),
        "ends_on": date(2027, 4, 5),
        "amount": 20400,
        "unit": "week",
        "source": "A page",
        "url": "https://example.org/rates",
        "read_on": date(2026, 11, 20),
    }
    return enter_figure(**asked | changes)


def test_a_figure_is_shown_once_a_second_person_has_checked_it(cast: Cast) -> None:
    figure = entered(cast, is_doubtful=True)
    assert queries.figures_in_force([cast.riverside]) == []
    with pytest.raises(NotPermitted, match="Somebody else"):
        check_figure(actor=cast.abel, figure_id=figure.pk)
    with pytest.raises(NotPermitted):
        check_figure(actor=cast.otto, figure_id=figure.pk)
    check_figure(actor=cast.vera, figure_id=figure.pk)
    [help] = queries.help_for([cast.riverside])
    assert (help.figures, help.older) == ([figure], [])
    with pytest.raises(IllegalMove, match="already"):
        check_figure(actor=cast.vera, figure_id=figure.pk)


def test_the_database_wants_a_second_person_too(cast: Cast) -> None:
    figure = entered(cast)
    with pytest.raises(IntegrityError, match="a_second_person_checks_a_figure"), transaction.atomic():
        Figure.objects.filter(pk=figure.pk).update(checked_by=cast.abel, checked_at=now())


def test_a_corrected_figure_follows_as_a_version(cast: Cast) -> None:
    wrong = entered(cast, amount=1)
    check_figure(actor=cast.vera, figure_id=wrong.pk)
    right = entered(cast)
    assert queries.figures_in_force([cast.riverside]) == [wrong]
    check_figure(actor=cast.vera, figure_id=right.pk)
    assert queries.figures_in_force([cast.riverside]) == [right]
    assert right.version == 2


def test_an_older_version_can_no_longer_be_checked(cast: Cast) -> None:
    wrong, _ = entered(cast, amount=1), entered(cast)
    with pytest.raises(IllegalMove, match="newer"):
        check_figure(actor=cast.vera, figure_id=wrong.pk)


def test_a_year_that_ended_is_old_and_asks_for_the_next(cast: Cast) -> None:
    old = entered(cast, starts_on=date(2025, 4, 6), ends_on=date(2026, 4, 5))
    check_figure(actor=cast.vera, figure_id=old.pk)
    [help] = queries.help_for([cast.riverside])
    assert (help.figures, help.older) == ([], [old])
    assert queries.figures_without_this_year(cast.riverside) == ["A limit"]
    new = entered(cast)
    assert queries.figures_without_this_year(cast.riverside) == ["A limit"]
    check_figure(actor=cast.vera, figure_id=new.pk)
    assert queries.figures_without_this_year(cast.riverside) == []


@pytest.mark.parametrize("changes", [{"ends_on": date(2026, 4, 5)}, {"url": "example.org"}])
def test_a_figure_with_odd_days_or_no_address_is_refused(cast: Cast, changes: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        entered(cast, **changes)
    assert not Figure.objects.exists()


def test_only_administrators_enter_figures(cast: Cast) -> None:
    for other in (cast.cora, cast.fern, cast.otto):
        with pytest.raises(NotPermitted):
            entered(cast, actor=other)
