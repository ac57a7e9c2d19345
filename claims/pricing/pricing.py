"""What a policy pays for claim lines: one pure function, for a batch from a file and for a single decision.

Lines are priced in order of date, then in the order given, except that a kind which covers another
kind of the same day is priced before it, so that the order in which people write things down does
not matter. Within a kind nothing overtakes, and nothing but that covering passes between kinds.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from claims.pricing import reasons
from claims.pricing.amounts import ZERO, full_amount, high_miles
from claims.pricing.limits import Limit, limits
from claims.pricing.lines import ClaimLine, Decided, LineRefused, PricedLine, PricingError, check_line
from claims.pricing.policy import Policy, Rate
from claims.pricing.tally import Tally
from claims.pricing.vocabulary import CountsAs, Receipt
from common.money import digits, rounded, split


def price(
    policy: Policy,
    lines: Sequence[ClaimLine],
    miles_before: Mapping[tuple[str, str], Decimal],
    already: Sequence[Decided] = (),
) -> list[PricedLine]:
    """Price lines by a checked policy, and return them in the order given.

    `miles_before` are the car miles per (contributor, tax year) that were driven elsewhere or decided
    before. `already` are lines decided before that share a claim, a day or a receipt with these; their
    miles belong in `miles_before`. Raises PricingError with every line that cannot be priced.
    """
    tally = Tally(policy, miles_before)
    for decided in already:
        earlier = decided.line
        tally.note(earlier, policy.position(earlier.kind, earlier.mode, earlier.on), decided.allowed)
    priced: dict[int, PricedLine] = {}
    problems: dict[int, str] = {}
    pricer = _Pricer(policy, tally)
    for index in sorted(range(len(lines)), key=lambda i: (lines[i].on, policy.turn[lines[i].kind], i)):
        try:
            priced[index] = pricer.price(lines[index])
        except LineRefused as error:
            line = lines[index]
            problems[index] = f"Claim {line.claim}, line {line.line}, {line.on}: {error}"
    if problems:
        raise PricingError(problems[index] for index in sorted(problems))
    return [priced[index] for index in range(len(lines))]


class _Pricer:
    """The rules of one policy, applied to one line after the other."""

    def __init__(self, policy: Policy, tally: Tally) -> None:
        self.policy = policy
        self.tally = tally
        self.scale = 10 ** digits(policy.currency)
        self.late_under = timedelta(seconds=int(policy.late_cancellation_hours * 3600))

    def price(self, line: ClaimLine) -> PricedLine:
        """Price one line and count it. Raises LineRefused."""
        check_line(line)
        position = self._position(line)
        rate = self.policy.rates[position]
        high = high_miles(rate, line, self.tally.miles_before(line))
        full = full_amount(rate, line, high_miles=high, scale=self.scale)
        caps = list(limits(rate, line, position, self.tally, scale=self.scale, currency=self.policy.currency))
        nothing = next(self._reasons_for_nothing(rate, line), "")
        allowed, reason = (0, nothing) if nothing else self._allowed(rate, line, full, caps)
        self.tally.note(line, position, allowed)
        weights = [weight for _, weight in line.shares]
        parts = split(allowed, weights) if allowed and weights else []
        return PricedLine(
            claim=line.claim,
            line=line.line,
            allowed=allowed,
            counts_as=rate.counts_as,
            reason=reason,
            rate_position=position,
            shares=tuple((project, part) for (project, _), part in zip(line.shares, parts, strict=False)),
            tier_miles=ZERO if nothing else self.tally.use_miles(line),
            high_miles=ZERO if nothing else high,
        )

    def _position(self, line: ClaimLine) -> int:
        position = self.policy.position(line.kind, line.mode, line.on)
        if position is None:
            what = f"{line.kind}, {line.mode}" if line.mode else line.kind
            raise LineRefused(f"the policy has no rate for {what} in force on that day.")
        return position

    def _reasons_for_nothing(self, rate: Rate, line: ClaimLine) -> Iterator[str]:
        """Everything that leaves a line without any money, whatever its amount."""
        if earlier := self.tally.same_paper(line):
            yield reasons.same_paper(earlier.claim, earlier.line)
        if kind := self.tally.covered_by(line):
            yield reasons.covered(kind)
        if not (line.receipt or line.receipt_lost):
            yield from self._receipt_missing(rate, line)
        if rate.counts_as == CountsAs.FEE:
            if line.declined:
                yield reasons.DECLINED
            if line.notice is not None and line.notice >= self.late_under:
                yield reasons.not_due(self.policy.late_cancellation_hours)

    def _receipt_missing(self, rate: Rate, line: ClaimLine) -> Iterator[str]:
        if rate.receipt == Receipt.REQUIRED:
            yield reasons.RECEIPT_NEEDED
        if rate.required_over is not None and line.amount is not None:
            over = rate.required_over * self.scale
            if line.amount > over:
                yield reasons.receipt_needed_over(over, self.policy.currency)

    def _allowed(self, rate: Rate, line: ClaimLine, full: Decimal, caps: list[Limit]) -> tuple[int, str]:
        """Minor units for a line that is paid, rounded once, and why they are fewer than asked.

        What others pay is taken off first, then what this line covers and was paid before, then the
        caps, then the share due after a late cancellation; the contributor's own answer comes last.
        """
        currency = self.policy.currency
        left = full - line.funded_elsewhere
        if line.funded_elsewhere and left <= 0:
            return 0, reasons.funded(line.funded_elsewhere, currency)
        reason = ""
        if before := self.tally.paid_for_covered(line, rate.excludes):
            left, reason = max(ZERO, left - before), reasons.covered_before(before, currency)
        for cap in caps:
            if cap.left < left:
                left, reason = cap.left, cap.reason
        if rate.counts_as == CountsAs.EXPENSE:
            return rounded(left), reason
        return self._fee(line, left, reason)

    def _fee(self, line: ClaimLine, left: Decimal, reason: str) -> tuple[int, str]:
        """The share that is due after a late cancellation, and never more than the contributor said."""
        share = self.policy.late_cancellation_share
        if line.notice is not None and share < 1:
            left, reason = left * share, reasons.late_share(self.policy.late_cancellation_hours, share)
        due = rounded(left)
        if line.at_most is None or due < line.at_most:
            return due, reason
        return line.at_most, "" if line.at_most else reasons.DECLINED
