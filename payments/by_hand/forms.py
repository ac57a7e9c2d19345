"""What finance types about what is paid by hand. Rules are the services'."""

from collections.abc import Sequence
from typing import Any

from django import forms

from claims.models import GIVEN_AWAY, Way
from claims.services.offering import DELIVERY_LENGTH
from common.dates import today
from payments.models import Ended
from payments.services import cash, hand_overs, stock
from payments.workflow import Method
from people.forms import DayField, MoneyField, NumberField, PickField, PlainForm, TextField, TickField
from people.models import Person

_EXPIRED = "This form has expired. Go back and start it again."
TIME, COSTS = "time", "costs"


class WayForm(PlainForm):
    """For what people can choose a way, up to how much, and how it reaches them."""

    money = TickField(
        "what people can choose it for",
        required=False,
        label="What can people choose it for?",
        choices=[(TIME, "Their time"), (COSTS, "Their costs")],
        help_text="Tick nothing to stop new choices. What people chose before stands.",
    )
    most = MoneyField(
        "the most in one payment",
        required=False,
        label="What is the most in one payment?",
        help_text="Leave this empty if there is no limit.",
    )
    delivery = TextField(
        "how it reaches people",
        longest=DELIVERY_LENGTH,
        line=False,
        label="How does it reach people?",
        help_text="People read this before they choose. Say how, when and where they get it.",
    )

    def __init__(self, *args: Any, way: Way, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if way in GIVEN_AWAY:  # costs come back to who had them
            money: Any = self.fields["money"]
            money.choices = [(TIME, "Their time")]

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        money = asked.pop("money")
        return asked | {"for_time": TIME in money, "for_costs": COSTS in money}


class PrepareForm(PlainForm):
    """The day, with what the preparer saw to be due."""

    pay_on = DayField(
        "the day",
        label="On which day should people have it?",
        help_text="For example, 27 11 2026. It goes into the list, and people are told this day.",
    )
    expected_total = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2**53,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _EXPIRED),
    )


_DAYS = {
    Method.DONATION: "On which day was the charity paid?",
    Method.GROUP: "On which day was the group paid?",
    Method.LEARNING: "On which day did it go into the fund?",
    Method.CASH: "On which day did the person have the cash?",
}
_SERIALS = {
    Method.CASH: "What is the number of the receipt that was signed?",
    Method.CHEQUE: "What is the number of the cheque?",
    Method.DONATION: "What is the reference of the transfer?",
    Method.GROUP: "What is the reference of the transfer?",
}


class HandOverForm(PlainForm):
    """The day, and what tells this payment from every other: a number, a reference or a code."""

    day = DayField("the day", latest=today, help_text="For example, 27 11 2026.")
    serial = TextField("the number", longest=hand_overs.SERIAL_LENGTH, width="20", autocomplete="off")
    code = TextField(
        "the cash-out code",
        longest=hand_overs.SERIAL_LENGTH,
        width="20",
        autocomplete="off",
        label="What is the cash-out code?",
        help_text="It is sealed when you send this. Your colleagues cannot read it.",
    )

    def __init__(self, *args: Any, method: Method, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _DAYS.get(method, "On which day was it sent or handed over?")
        if method in _SERIALS:
            serial: Any = self.fields["serial"]
            serial.label, serial.what = _SERIALS[method], hand_overs.SERIALS[method]
            serial.error_messages["required"] = f"Enter {hand_overs.SERIALS[method]}"
        else:
            del self.fields["serial"]
        if method != Method.CODE:
            del self.fields["code"]


class ReasonForm(PlainForm):
    """Why something is undone, or not handed over."""

    reason = TextField(
        "why",
        longest=hand_overs.REASON_LENGTH,
        line=False,
        label="Why?",
        help_text="Your colleagues and the auditor can read this. Write nothing personal in it.",
    )


class CollectedForm(PlainForm):
    """The day on which the person had it."""

    day = DayField(
        "the day",
        latest=today,
        label="On which day was it collected, or did the receipt come?",
        help_text="For example, 27 11 2026.",
    )


class BackForm(ReasonForm):
    """Why it did not reach the person, and whether what was handed over is back."""

    ended = PickField(
        "what happened",
        label="What happened?",
        choices=[(each.value, str(each.label)) for each in Ended if each != Ended.MISTAKE],
    )
    lost = PickField(
        "whether it is back with you",
        label="Is it back with you?",
        choices=[
            ("back", "Yes, it is back"),
            ("lost", "No, it is gone, and the organisation bears the cost"),
        ],
    )
    field_order = ("ended", "lost", "reason")

    def __init__(self, *args: Any, method: Method, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if method not in (Method.VOUCHER, Method.CASH):
            del self.fields["lost"]

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {"ended": Ended(asked["ended"]), "is_lost": asked.pop("lost", "") == "lost"}


class BuyForm(PlainForm):
    """Vouchers of one value that were bought together."""

    supplier = TextField("who sold them", longest=stock.TEXT_LENGTH, label="Who sold them?")
    face_value = MoneyField("what one is worth", label="What is one of them worth?")
    count = NumberField("how many there are", label="How many are there?")
    charge = MoneyField(
        "the charge",
        least=0,
        required=False,
        label="What did the seller charge on top?",
        help_text="For all of them together. Leave this empty if it was nothing.",
    )
    bought_on = DayField("the day", latest=today, label="On which day were they bought?")
    expires_on = DayField(
        "their last day",
        required=False,
        label="What is the last day on which they can be used?",
        help_text="Leave this empty if they do not expire.",
    )
    codes = TextField(
        "the codes",
        longest=stock.MOST * (stock.CODE_LENGTH + 1),
        line=False,
        required=False,
        label="Codes, one on each line",
        help_text="Leave this empty for cards without a code. Codes are sealed when you send this.",
    )
    refusals_at = "count"

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        codes = [line.strip() for line in asked["codes"].split("\n")]
        return asked | {
            "count": int(asked["count"]),
            "charge": asked["charge"] or 0,
            "codes": [code for code in codes if code],
        }


class WriteOffForm(ReasonForm):
    """How many of a batch are worth nothing any more, and why."""

    count = NumberField("how many", required=False, label="How many?", help_text="Leave this empty for all.")
    field_order = ("count", "reason")

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {"count": None if asked["count"] is None else int(asked["count"])}


class CountForm(PlainForm):
    """What two people found in the cash box."""

    counted = MoneyField("what you counted", least=0, label="How much cash did you count?")
    witness = PickField("who counted with you", label="Who counted with you?")
    note = TextField(
        "why they differ",
        longest=cash.NOTE_LENGTH,
        line=False,
        required=False,
        label="If it is not what the books say: why?",
        help_text="Your colleagues and the auditor can read this. Write nothing personal in it.",
    )

    def __init__(self, *args: Any, colleagues: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(each.pk): each for each in colleagues}
        witness: Any = self.fields["witness"]
        witness.choices = [(pk, each.name) for pk, each in self.colleagues.items()]

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {"witness": self.colleagues[asked["witness"]]}
