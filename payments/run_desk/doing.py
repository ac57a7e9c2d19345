"""What one person may do with a run now, and why not where they may not."""

from dataclasses import dataclass

from django.urls import reverse

from payments import permissions
from payments.models import PaymentRun
from payments.workflow import BY_HAND, Method, RunStatus
from people.models import Person, RoleKind
from people.permissions import Reason, holds, is_finance

HAND_OVER = dict.fromkeys(BY_HAND, "Hand its payments over") | {
    Method.DONATION: "Say which of them are paid",
    Method.GROUP: "Say which of them are paid",
    Method.LEARNING: "Put its payments into the funds",
}
OPEN = frozenset({RunStatus.PREPARED, RunStatus.AUTHORISED})


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that could be done with a run; `why_not` is empty when this person may do it now."""

    label: str
    url: str
    why_not: str
    is_next: bool = False


def doings(actor: Person, run: PaymentRun) -> list[Doing]:
    """What comes next first. Empty for whoever only reads, and for a run that is void."""
    if not is_finance(actor, run.organisation) or run.status == RunStatus.VOID:
        return []
    found: list[Doing] = []
    if run.status == RunStatus.PREPARED:
        found.append(_doing("Sign this run", "sign", run, permissions.may_sign(actor, run), is_next=True))
    if run.status == RunStatus.AUTHORISED:
        why_not = permissions.may_release(actor, run)
        found.append(_doing(f"Send this run to {run.goes_to}", "release", run, why_not, is_next=True))
    is_sent = run.status == RunStatus.SENT
    may_download = permissions.may_download(actor, run)
    found.append(_doing(download_words(run), "file", run, may_download, is_next=is_sent))
    if is_sent:
        if run.is_by_hand:
            url = reverse("by-hand:waiting", args=[run.organisation.code, run.method])
            found.append(Doing(HAND_OVER[Method(run.method)], url, "", is_next=False))
        found.append(_doing("Print remittance advices", "letters", run, None))
    if run.status in OPEN:
        found.append(_doing("Stop this run", "void", run, permissions.may_void(actor, run)))
    return found


def download_words(run: PaymentRun) -> str:
    """What the button says that hands out the file."""
    return (
        "Download the file for payroll" if run.method == Method.PAYROLL else f"Download the {run.file_words}"
    )


def may_take_out(actor: Person, run: PaymentRun) -> bool:
    """Whether the page of a run offers to take payments out of it."""
    return run.status in OPEN and run.count > 1 and holds(actor, [RoleKind.PREPARER], run.organisation)


def _doing(label: str, name: str, run: PaymentRun, why_not: Reason, *, is_next: bool = False) -> Doing:
    return Doing(label, reverse(f"runs:{name}", args=[run.pk]), why_not or "", is_next)
