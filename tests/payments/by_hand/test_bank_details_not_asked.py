"""Nobody is asked for bank details, or waited for, while nothing of theirs goes by bank."""

from datetime import UTC, datetime

from claims.models import CountsAs, Way
from claims.ways import paid_by_bank
from common.dates import set_now
from payments.models import BankDetails
from payments.queries import due_lines
from payments.queries.details import missing_page
from reports.next_thing import next_thing
from tests.cast import Cast
from tests.payments.by_hand.steps import chosen
from tests.payments.office import fare


def kinds(cast: Cast) -> list[str]:
    lines = paid_by_bank(due_lines(cast.riverside).filter(claim__contributor=cast.cora))
    return sorted(line.counts_as for line in lines)


def test_what_goes_by_bank_is_what_a_run_would_say(ways: Cast) -> None:
    assert kinds(ways) == ["expense", "fee"]
    chosen(ways, ways.cora, Way.VOUCHER)
    assert kinds(ways) == ["expense"]
    chosen(ways, ways.cora, Way.CASH, CountsAs.EXPENSE)
    assert kinds(ways) == []
    with set_now(datetime(2026, 11, 23, 10, tzinfo=UTC)):
        chosen(ways, ways.cora, Way.BANK)
    assert kinds(ways) == ["fee"]


def test_what_is_given_away_too_late_still_goes_by_bank(ways: Cast) -> None:
    chosen(ways, ways.cora, Way.LEARNING)
    assert kinds(ways) == ["expense", "fee"]
    with set_now(datetime(2026, 11, 19, 9, tzinfo=UTC)):
        chosen(ways, ways.cora, Way.LEARNING)
    assert kinds(ways) == ["expense"]


def test_finance_waits_for_nobody_who_is_paid_another_way(ways: Cast) -> None:
    BankDetails.objects.filter(person=ways.dev).update(retired_at=datetime(2026, 11, 22, tzinfo=UTC))
    fare(ways, ways.dev, 100)
    assert [row.name for row in missing_page(ways.fern, {}).rows] == [ways.dev.name]
    assert "send your money" in next_thing(ways.dev).title
    chosen(ways, ways.dev, Way.CASH, CountsAs.EXPENSE)
    assert missing_page(ways.fern, {}).rows == []
    assert "send your money" not in next_thing(ways.dev).title
