"""A whole rate policy in plain words: what is paid for what, and between which days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims.pricing.policy import Policy, Rate
from claims.pricing.vocabulary import MODES_OF, CountsAs, Kind, Mode
from claims.rate_words import sentence, title


@dataclass(frozen=True)
class RateWords:
    """One rate: what it is for, what we pay, and from which day to which, both included."""

    what: str
    pays: str
    starts: date
    ends: date | None

    def is_over(self, on: date) -> bool:
        return self.ends is not None and self.ends < on


@dataclass(frozen=True)
class PolicyWords:
    """A policy as everybody reads it. `late` says what happens when an activity is called off late."""

    time: tuple[RateWords, ...]
    costs: tuple[RateWords, ...]
    late: str

    def standing(self, on: date) -> "PolicyWords":
        """Only rates that still apply on a day, or will."""
        return PolicyWords(
            tuple(row for row in self.time if not row.is_over(on)),
            tuple(row for row in self.costs if not row.is_over(on)),
            self.late,
        )

    def over(self, on: date) -> tuple[RateWords, ...]:
        """Rates that no longer apply on a day."""
        return tuple(row for row in (*self.time, *self.costs) if row.is_over(on))


def policy_words(policy: Policy) -> PolicyWords:
    """Every rate in words, in the order of the kinds, newest first within a kind and mode."""
    return PolicyWords(
        time=_rows(policy, CountsAs.FEE), costs=_rows(policy, CountsAs.EXPENSE), late=_late_words(policy)
    )


def differences(before: PolicyWords, after: PolicyWords) -> tuple[list[RateWords], list[RateWords]]:
    """The rates that are new in a policy, and those of the one before that are gone."""
    old, new = (*before.time, *before.costs), (*after.time, *after.costs)
    return [row for row in new if row not in old], [row for row in old if row not in new]


def _rows(policy: Policy, counts_as: CountsAs) -> tuple[RateWords, ...]:
    kinds = list(Kind)
    rates = [rate for rate in policy.rates if rate.counts_as == counts_as]
    newest_first = sorted(rates, key=lambda rate: rate.starts, reverse=True)
    ordered = sorted(newest_first, key=lambda rate: (kinds.index(rate.kind), _modes(policy, rate)))
    return tuple(_words(policy, rate) for rate in ordered)


def _words(policy: Policy, rate: Rate) -> RateWords:
    return RateWords(
        what=title(rate.kind, _modes(policy, rate)),
        pays=sentence(rate, policy.currency),
        starts=rate.starts,
        ends=rate.ends,
    )


def _modes(policy: Policy, rate: Rate) -> list[Mode]:
    """The modes a rate prices; none where it prices every mode of its kind."""
    if rate.mode:
        return [rate.mode]
    own = [mode for mode in MODES_OF.get(rate.kind, ()) if (rate.kind, mode) in policy.positions]
    return _others(rate.kind, own) if own else []


def _others(kind: Kind, own: Iterable[Mode]) -> list[Mode]:
    return [mode for mode in MODES_OF[kind] if mode not in set(own)]


def _late_words(policy: Policy) -> str:
    hours, share = policy.late_cancellation_hours, policy.late_cancellation_share
    if not hours:
        return "You get back the costs you cannot get back elsewhere when we call something off."
    fee = {Decimal(1): "all of the money for your time", Decimal(0): ""}.get(
        share, f"{(share * 100).normalize():f}% of the money for your time"
    )
    and_fee = f"you still get {fee}, and " if fee else "you get "
    return (
        f"When we call something off with less than {hours.normalize():f} hours’ notice, {and_fee}"
        "the costs that you cannot get back."
    )
