"""Forms about concerns. Nobody is ever asked why money did not arrive."""

from typing import Any

from common.dates import today
from payments.details_forms import OthersDetailsForm
from people.forms import DayField, MoneyField, PickField, PlainForm, TextField

LONGEST = 300
NO_FIGURES = "No account or telephone numbers."


def _words(what: str, label: str, help_text: str = NO_FIGURES) -> TextField:
    return TextField(what, label=label, help_text=help_text, longest=LONGEST, line=False)


class NoteForm(PlainForm):
    """What the bank or the person said."""

    words = _words("what was said", "What did you find out?")


class NeverTakenForm(PlainForm):
    """Why finance is sure that the bank never took a payment."""

    words = _words("what the bank said", "What did the bank say?")


class DeclineForm(PlainForm):
    """Why the second person does not agree."""

    words = _words("why you do not agree", "Why do you not agree?")


class MistakeForm(PlainForm):
    """How we know that somebody lives."""

    words = _words("how you know", "How do you know?")


class WriteOffForm(PlainForm):
    """Why money is not asked for any more."""

    reason = _words("why", "Why should it be written off?")


class NamePaymentForm(PlainForm):
    """Which payment a helper meant, who could not know."""

    payment_id = PickField("the payment that has not arrived", label="Which payment has not arrived?")

    def __init__(self, *args: Any, payments: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payment_id"].choices = payments  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return {"payment_id": int(self.cleaned_data["payment_id"])}


class RepaymentForm(PlainForm):
    """Which line of the bank brought money back."""

    line_id = PickField("the line of the bank statement", label="Which line of the bank statement is it?")

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line_id"].choices = lines  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return {"line_id": int(self.cleaned_data["line_id"])}


class OverpaidForm(PlainForm):
    """How much was overpaid on which line, and why."""

    refusals_at = "amount"
    item_id = PickField("the line on which too much was paid", label="On which line was too much paid?")
    amount = MoneyField("how much was overpaid", label="How much was overpaid?")
    reason = _words(
        "what happened",
        "What happened?",
        "The person will read this. Say plainly whose mistake it was. No account or telephone numbers.",
    )

    def __init__(self, *args: Any, lines: list[tuple[str, str]], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item_id"].choices = lines  # type: ignore[attr-defined]
        self.fields["amount"].currency = currency  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {"item_id": int(asked["item_id"])}


class DiedForm(PlainForm):
    """That somebody has died: the day, if we know it, and who told us. Never of what."""

    refusals_at = "told_by"
    died_on = DayField("the day", label="On which day? (if you know)", required=False, latest=today)
    told_by = TextField(
        "who told us",
        label="Who told us?",
        help_text="For example, their sister, by telephone. Do not write down what they died of.",
    )


class EstateForm(OthersDetailsForm):
    """The account of an estate, and which papers were seen."""

    care_of = TextField("who looks after the estate", label="Who looks after the estate?")
    address = TextField(
        "the address", label="Where should letters go? (if you know)", required=False, line=False, longest=300
    )
    seen = _words(
        "which papers you saw",
        "Which papers did you see?",
        "For example, the grant of probate. Keep no copies, and no account or telephone numbers here.",
    )


class EstateCheckForm(PlainForm):
    """How the account of an estate was checked."""

    note = _words("how you checked it", "How did you check it, and with whom?")
