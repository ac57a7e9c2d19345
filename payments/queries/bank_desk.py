"""The bank desk: accounts with what waits in them, lines that wait and what each could be."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from common.dates import today
from common.errors import DomainError, NotVisible
from common.money import parse_amount
from common.paging import asked_key
from common.text import tidy
from ledger.models import AccountMonth
from payments.matching import reference_in
from payments.models import BankAccount, Match, Payment, PaymentRun, Statement, StatementLine
from payments.queries.runs import bank_accounts_visible_to
from payments.suggesting import Line, Run, Sent, Suggestion, choice, hint, suggestions
from payments.workflow import PaymentStatus, RunStatus
from people.models import Person

ROWS = 50
MOST_FOUND = 20
LONGEST_SEARCH = 60
LEFT = (PaymentStatus.SENT, PaymentStatus.PAID)


@dataclass(frozen=True)
class AccountRow:
    """One bank account at a glance. `bank` is what its last statement told. Minor units."""

    account: BankAccount
    books: int
    bank: int | None
    last_day: date | None
    waiting: int


@dataclass(frozen=True)
class Candidates:
    """What lines of one account could be."""

    payments: Sequence[Sent] = ()
    runs: Sequence[Run] = ()


@dataclass(frozen=True)
class LineRow:
    """A line that waits, how long it has waited, and what it most likely is."""

    line: StatementLine
    age_days: int
    best: Suggestion | None
    others: int


@dataclass(frozen=True)
class LinePage:
    """Lines that wait, oldest first. `following` is the address of the next page, or empty."""

    rows: Sequence[LineRow]
    following: str
    is_first: bool
    count: int
    accounts: Sequence[BankAccount]
    account: BankAccount | None


def account_rows(person: Person) -> list[AccountRow]:
    """Every bank account this person keeps or checks. Three queries, however many accounts."""
    latest = Statement.objects.filter(account=OuterRef("pk"))
    told = latest.filter(closing_balance__isnull=False).order_by("-last_day", "-pk")
    accounts = bank_accounts_visible_to(person).annotate(
        bank=Subquery(told.values("closing_balance")[:1]),
        last_day=Subquery(latest.order_by("-last_day").values("last_day")[:1]),
    )
    found = list(accounts.order_by("organisation__name", "name"))
    books, waiting = _books_of(found), _waiting_of(found)
    return [
        AccountRow(
            account=each,
            books=books.get((each.organisation_id, f"bank:{each.name}"), 0),
            bank=each.bank,
            last_day=each.last_day,
            waiting=waiting.get(each.pk, 0),
        )
        for each in found
    ]


def _books_of(accounts: Sequence[BankAccount]) -> dict[tuple[int, str], int]:
    rows = AccountMonth.objects.filter(
        account__organisation__in={each.organisation_id for each in accounts},
        account__code__in={f"bank:{each.name}" for each in accounts},
    )
    sums = rows.values("account__organisation_id", "account__code").order_by()
    totals = sums.annotate(debits=Sum("debits"), credits=Sum("credits"))
    return {
        (row["account__organisation_id"], row["account__code"]): row["debits"] - row["credits"]
        for row in totals
    }


def _waiting_of(accounts: Sequence[BankAccount]) -> dict[int, int]:
    rows = waiting(StatementLine.objects.filter(account__in=accounts)).values("account_id").order_by()
    return dict(rows.annotate(count=Count("pk")).values_list("account_id", "count"))


def waiting(lines: QuerySet[StatementLine]) -> QuerySet[StatementLine]:
    """Those of these lines of which nobody has said what they were."""
    return lines.filter(~Exists(Match.objects.filter(line=OuterRef("pk"), undone_at__isnull=True)))


def account_for(person: Person, pk: int) -> BankAccount:
    """One bank account, if this person may see it. Raises NotVisible."""
    found = bank_accounts_visible_to(person).filter(pk=pk).first()
    if found is None:
        raise NotVisible("There is no such bank account.")
    return found


def lines_visible_to(person: Person) -> QuerySet[StatementLine]:
    """The statement lines of the accounts this person keeps or checks."""
    rows = StatementLine.objects.filter(account__in=bank_accounts_visible_to(person))
    return rows.select_related("account__organisation", "statement")


def line_for(person: Person, pk: int) -> StatementLine:
    """One statement line, if this person may see it. Raises NotVisible."""
    found = lines_visible_to(person).filter(pk=pk).first()
    if found is None:
        raise NotVisible("There is no such statement line.")
    return found


def statement_for(person: Person, pk: int) -> Statement:
    """One imported statement, if this person may see it. Raises NotVisible."""
    rows = Statement.objects.filter(account__in=bank_accounts_visible_to(person))
    found = rows.select_related("account__organisation", "imported_by").filter(pk=pk).first()
    if found is None:
        raise NotVisible("There is no such statement.")
    return found


def line_page(person: Person, *, account_id: int | None, after: str) -> LinePage:
    """Lines that wait, the oldest first; `after` is the place of the last one seen, as in 2026-11-30.41."""
    accounts = list(bank_accounts_visible_to(person).order_by("name"))
    account = next((each for each in accounts if each.pk == account_id), None)
    rows = waiting(StatementLine.objects.filter(account__in=[account] if account else accounts))
    count, place = rows.count(), _place(after)
    if place is not None:
        rows = rows.filter(Q(date__gt=place[0]) | Q(date=place[0], pk__gt=place[1]))
    ordered = rows.select_related("account__organisation").order_by("date", "pk")
    found = list(ordered[: ROWS + 1])
    shown = found[:ROWS]
    more = f"after={shown[-1].date.isoformat()}.{shown[-1].pk}" if len(found) > ROWS else ""
    keep = f"account={account.pk}&" if account else ""
    return LinePage(
        rows=with_suggestions(shown),
        following=f"?{keep}{more}" if more else "",
        is_first=place is None,
        count=count,
        accounts=accounts,
        account=account,
    )


def _place(after: str) -> tuple[date, int] | None:
    day, _, key = after.partition(".")
    pk = asked_key({"pk": key}, "pk")
    try:
        return None if pk is None else (date.fromisoformat(day), pk)
    except ValueError:
        return None


def with_suggestions(lines: Sequence[StatementLine]) -> list[LineRow]:
    """Each line with the likeliest thing it is; two queries for all of them."""
    candidates, now_day = candidates_for(lines), today()
    rows = []
    for line in lines:
        known = candidates[line.account_id]
        found = suggestions(as_line(line), known.payments, known.runs)
        best = found[0] if found and not _is_toss_up(found) else None
        rows.append(LineRow(line, (now_day - line.date).days, best, len(found) - (best is not None)))
    return rows


def _is_toss_up(found: Sequence[Suggestion]) -> bool:
    """Two equally sure readings are no suggestion: the person sees both on the line's own page."""
    return len(found) > 1 and found[0].strength == found[1].strength


def as_line(line: StatementLine) -> Line:
    """A line as suggestions know it."""
    return Line(line.pk, line.date, line.amount, text_of(line))


def text_of(line: StatementLine) -> str:
    """Everything the bank wrote about a line."""
    return f"{line.reference} {line.description}".strip()


def candidates_for(lines: Sequence[StatementLine]) -> dict[int, Candidates]:
    """What could be meant by these lines, by account: payments they name or are as large as, and runs."""
    payments: dict[int | None, list[Sent]] = defaultdict(list)
    runs: dict[int | None, list[Run]] = defaultdict(list)
    accounts = {line.account_id for line in lines}
    named = {reference for line in lines if (reference := reference_in(text_of(line)))}
    amounts = {abs(line.amount) for line in lines}
    rows = Payment.objects.filter(
        Q(reference__in=named) | Q(amount__in=amounts),
        run__bank_account__in=accounts,
        status__in=LEFT,
    )
    for payment in rows.select_related("run", "person").order_by("-pk")[: MOST_FOUND * ROWS]:
        payments[payment.run.bank_account_id].append(_sent(payment))
    for run in _runs(accounts, amounts):
        runs[run[0]].append(run[1])
    return defaultdict(Candidates, {key: Candidates(payments[key], runs[key]) for key in accounts})


def _sent(payment: Payment) -> Sent:
    run = payment.run
    paid_on = payment.paid_on if payment.status == PaymentStatus.PAID else None
    return Sent(
        payment.pk, payment.reference, payment.person.name, run.number, run.pay_on, payment.amount, paid_on
    )


def _runs(accounts: set[int], amounts: set[int]) -> list[tuple[int | None, Run]]:
    """Runs whose payments still on their way come to one of these amounts."""
    on_its_way = Sum("payments__amount", filter=Q(payments__status=PaymentStatus.SENT))
    rows = PaymentRun.objects.filter(bank_account__in=accounts, status=RunStatus.SENT)
    found = rows.annotate(left=on_its_way).filter(left__in=amounts).order_by("-pk")[:ROWS]
    return [
        (run.bank_account_id, Run(run.pk, run.number, run.pay_on, run.left, run.left == run.total))
        for run in found
    ]


def all_suggestions(line: StatementLine) -> tuple[list[Suggestion], str]:
    """Everything one line could be, and a hint where something only half fits."""
    known = candidates_for([line])[line.account_id]
    here = as_line(line)
    currency = line.account.organisation.currency
    return suggestions(here, known.payments, known.runs)[:MOST_FOUND], hint(here, known.payments, currency)


def search(line: StatementLine, text: str) -> list[Suggestion]:
    """Payments of the line's account by reference, payee or amount, that could be the line."""
    try:
        asked = tidy(text)[:LONGEST_SEARCH]
    except DomainError:
        return []
    if not asked:
        return []
    wanted = Q(reference__icontains=asked) | Q(person__name__icontains=asked)
    if asked.isascii() and asked.isdigit():
        wanted |= Q(run__number=min(int(asked), 2**31 - 1))
    if (amount := _amount(asked, line.account.organisation.currency)) is not None:
        wanted |= Q(amount=amount)
    status = PaymentStatus.SENT if line.amount < 0 else PaymentStatus.PAID
    rows = Payment.objects.filter(wanted, run__bank_account=line.account_id, status=status)
    same = rows.filter(amount=abs(line.amount)).select_related("run", "person").order_by("-pk")[:MOST_FOUND]
    here = as_line(line)
    return [made for payment in same if (made := choice(here, _sent(payment))) is not None]


def _amount(text: str, currency: str) -> int | None:
    try:
        return parse_amount(text, currency)
    except DomainError:
        return None
