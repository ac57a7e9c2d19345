"""What somebody who was asked may read of it, and what their helper may read out.

The answer is behind both walls: `Invitation` is for the contributor alone, `ReadOut` has no place for one.
"""

from dataclasses import dataclass
from datetime import datetime

from claims.models import GIVEN_AWAY, OPEN_ANSWERS, REFUSING, Answer, Way
from claims.own_ways import Choosable, Paid
from common.money import money_text

ALL, LESS, NONE, NOTHING = "All of it", "Less", "None of it", "Nothing"
COSTS_ONLY, TALK = f"{NONE}: only my costs", "I want to talk to somebody first"
NOTHING_HINT = "You can still claim your costs later."
LESS_HINT = "You say how much. It comes the way you are usually paid."
USUAL = {Answer.ACCEPTED: "all of it", Answer.DECLINED: "none of it"}


@dataclass(frozen=True)
class Invitation:
    """One invitation as the person who was asked reads it. Amounts are minor units of `currency`."""

    pk: int
    title: str
    starts_at: datetime
    currency: str
    amount: int
    answer: str
    less_amount: int | None
    answered_at: datetime | None
    written_by: str
    help_contact: str
    is_cancelled: bool
    has_started: bool
    is_claimed: bool
    adviser: str
    usual: Answer
    talk_to: str
    ways: tuple[Choosable, ...]
    paid: Paid
    cost_ways: tuple[Choosable, ...]
    costs: Paid
    says_costs: bool

    @property
    def says_how(self) -> bool:
        """Where there is more than bank transfer, or was when they chose: it stands beside the amount."""
        return len(self.ways) > 1 or self.paid.way != Way.BANK

    @property
    def later_ways(self) -> tuple[Choosable, ...]:
        """In which ways the money for their time can still come to them, once it has started.

        None where there is nothing to choose, no money, or it was given away.
        """
        answer = Answer(self.answer) if self.is_answered else self.usual
        reaching = tuple(each for each in self.ways if each.way not in GIVEN_AWAY)
        settled = self.has_started and self.amount > 0 and not self.is_cancelled
        if not settled or answer in REFUSING or self.paid.way in GIVEN_AWAY or len(reaching) < 2:
            return ()
        return reaching

    @property
    def chooses_costs(self) -> bool:
        """Where costs come back in more ways than one."""
        return len(self.cost_ways) > 1

    @property
    def is_answered(self) -> bool:
        return self.answer not in OPEN_ANSWERS

    @property
    def was_answered(self) -> bool:
        """Something was said: be it that they want to talk first."""
        return self.is_answered or self.wants_to_talk

    @property
    def wants_to_talk(self) -> bool:
        return self.answer == Answer.TALK

    @property
    def usual_words(self) -> str:
        """What counts if nothing else is said before the start."""
        return USUAL[self.usual] + (self._how if self.usual == Answer.ACCEPTED else "")

    @property
    def can_answer(self) -> bool:
        """Until the activity starts, where money is offered at all."""
        closed = self.is_cancelled or self.has_started or self.is_claimed
        return self.amount > 0 and not closed

    @property
    def answer_words(self) -> str:
        """“All of it: £82.50, in cash”. While nothing is said, the usual answer."""
        answer = Answer(self.answer) if self.is_answered else self.usual
        if answer in REFUSING:
            return NOTHING if answer == Answer.NOTHING else COSTS_ONLY
        if answer == Answer.LESS and self.less_amount is not None:
            return f"{LESS}: {money_text(self.less_amount, self.currency)}{self._how}"
        return f"{ALL}: {self.offered}{self._how}"

    @property
    def costs_words(self) -> str:
        """What stands beside the answer: costs come back, whatever it is."""
        if self.answer == Answer.NOTHING:
            return NOTHING_HINT
        return "You still get your costs back."

    @property
    def _how(self) -> str:
        return f", {self.paid.words}" if self.says_how else ""

    @property
    def offered(self) -> str:
        return money_text(self.amount, self.currency)


@dataclass(frozen=True)
class ReadOut:
    """An invitation of somebody the reader helps: what to read out, and whether an answer can be taken."""

    pk: int
    name: str
    title: str
    starts_at: datetime
    offered: str
    currency: str
    can_answer: bool
    adviser: str
    ways: tuple[Choosable, ...]

    @property
    def says_how(self) -> bool:
        """Where people can choose something else than bank transfer."""
        return len(self.ways) > 1


def choices(asked: Invitation | ReadOut) -> list[tuple[str, str, str]]:
    """(value, words, hint) of each answer, in the same order for everybody; each way of all of it is one.

    To talk first stands last, where there is somebody to talk to.
    """
    every, less = f"{ALL}: {asked.offered}", (str(Answer.LESS), LESS)
    found = [(str(Answer.ACCEPTED), every, ""), (*less, "")]
    if asked.says_how:
        found = [(value_of(each.way), f"{every}, {each.how}", each.hint) for each in asked.ways]
        found.append((*less, LESS_HINT))
    found.append((str(Answer.DECLINED), COSTS_ONLY, ""))
    found.append((str(Answer.NOTHING), NOTHING, NOTHING_HINT))
    return [*found, (str(Answer.TALK), TALK, "")] if asked.adviser else found


def value_of(way: Way) -> str:
    """How a form calls “all of it, this way”."""
    return f"{Answer.ACCEPTED}:{way}"
