"""Who may reach which address: one row per URL name. An address without a row answers 404.

The row says who may come and how; which *records* they then see is decided by the scoped queries
the view reads from. Somebody whose part in the work can never use a page gets 403 for a function
(a list, a form) and 404 for a record, so that a record never shows that it exists.
"""

from dataclasses import dataclass
from enum import Enum, auto

from people.models import RoleKind

READ = frozenset({"GET", "HEAD"})
SEND = frozenset({"POST"})
FORM = READ | SEND


class Reach(Enum):
    """How far an address is open before roles are asked."""

    ANYONE = auto()
    SIGNED_IN = auto()
    NOT_OFFERED = auto()


@dataclass(frozen=True)
class Policy:
    """One row of the table. No `roles` means that any signed-in person may come."""

    reach: Reach = Reach.SIGNED_IN
    methods: frozenset[str] = READ
    roles: frozenset[str] = frozenset()
    is_record: bool = False


C, L, P, H, R = (
    RoleKind.CONTRIBUTOR,
    RoleKind.LINK,
    RoleKind.LEAD,
    RoleKind.HOLDER,
    RoleKind.REVIEWER,
)
FP, FA, AU, AD = RoleKind.PREPARER, RoleKind.APPROVER, RoleKind.AUDITOR, RoleKind.ADMINISTRATOR


def _open(methods: frozenset[str] = READ) -> Policy:
    return Policy(Reach.ANYONE, methods)


def _signed_in(methods: frozenset[str] = READ) -> Policy:
    return Policy(Reach.SIGNED_IN, methods)


def _function(*roles: str) -> Policy:
    return Policy(roles=frozenset(roles))


def _record(*roles: str) -> Policy:
    return Policy(roles=frozenset(roles), is_record=True)


def _form(*roles: str) -> Policy:
    return Policy(methods=FORM, roles=frozenset(roles))


def _record_form(*roles: str) -> Policy:
    return Policy(methods=FORM, roles=frozenset(roles), is_record=True)


_NOT_OFFERED = Policy(Reach.NOT_OFFERED, frozenset())

TABLE: dict[str, Policy] = {
    # Pages of everybody
    "home": _signed_in(),
    "search": _signed_in(FORM),
    "health": _open(),
    "privacy": _open(),
    "accessibility": _open(),
    "demo:sign-in": _open(FORM),  # answers 404 outside the demonstration
    # Claims
    "claims:list": _function(C, L, P, H, FP, FA, AU),
    "claims:claim": _record(C, L, P, H, FP, FA, AU),
    # The claim journey: for oneself, and for somebody one helps
    "journey:start": _form(C),
    "journey:other": _form(C),
    "journey:choose": _form(L),
    "journey:start-for": _record_form(L),
    "journey:other-for": _record_form(L),
    "journey:miles": _form(C),
    "journey:miles-for": _record_form(L),
    "journey:time": _record_form(C, L),
    "journey:hours": _record_form(C, L),
    "journey:cost": _record_form(C, L),
    "journey:travel": _record_form(C, L),
    "journey:more-time": _record_form(C, L),
    "journey:details": _record_form(C, L),
    "journey:check": _record_form(C, L),
    "journey:sent": _record(C, L),
    "journey:withdraw": _record_form(C, L),
    "journey:line": _record_form(C, L),
    "journey:remove": _record_form(C, L),
    "journey:receipt": _record_form(C, L),
    "journey:post": Policy(methods=SEND, roles=frozenset({C, L}), is_record=True),
    "journey:lost": _record_form(C, L),
    "journey:answer": _record_form(C, L),
    # Invitations: whose they are, and who reads them out
    "invitations:list": _function(C, L),
    "invitations:usual": _form(C),
    "invitations:invitation": _record(C),
    "invitations:answer": _record_form(C),
    "invitations:answered": _record(C),
    "invitations:costs": _record_form(C),
    "invitations:time": _record_form(C),
    "invitations:read-out": _record_form(L),
    "invitations:sheet": _record(C, L),
    # How somebody is usually paid, by each organisation
    "paid:overview": _function(C),
    "paid:change": _record_form(C),
    # Deciding, and the papers that show what was paid
    "deciding:decide": _record_form(P, H),
    "deciding:undo": _record_form(P, H),
    "receipts:receipt": _record(C, L, P, H, FP, FA, AU),
    # Payments; a link person never sees them
    "payments:list": _function(C, FP, FA, AU),
    "payments:payment": _record(C, FP, FA, AU),
    "payments:code": Policy(methods=SEND, roles=frozenset({C}), is_record=True),
    "payments:remittance": _record(C, FP, FA, AU),
    "payments:runs": _function(FP, FA, AU),
    "payments:run": _record(FP, FA, AU),
    # What somebody received, as they alone see it
    "own-money:totals": _form(C),
    "own-money:statements": _function(C),
    "own-money:letters": _form(C),
    "own-money:statement": _record(C),
    "own-money:statement-file": _record(C),
    "own-money:statement-of": _record(C),
    "own-money:statement-file-of": _record(C),
    # The learning fund: one's own, and what people asked for
    "learning:own": _function(C),
    "learning:ask": _record_form(C),
    "learning:asked": _function(FP, FA, AU),
    "learning:answer": _record_form(FP, FA),
    # What is due, and the steps and papers of payment runs
    "runs:due": _function(FP, FA, AU),
    "runs:prepare": _record_form(FP),
    "runs:sheet": _record(FP, FA, AU),
    "runs:sheet-pdf": _record(FP, FA, AU),
    "runs:sign": _record_form(FA),
    "runs:release": _record_form(FP, FA),
    "runs:void": _record_form(FA),
    "runs:take-out": _record_form(FP),
    "runs:file": _record_form(FP, FA),
    "runs:letters": _record(FP, FA),
    "runs:pages": _record(FP, FA),
    # Payees: bank details checked by a second person
    "payees:list": _form(FP, FA, AU),
    "payees:payee": _record(FP, FA, AU),
    "payees:enter": _record_form(FP),
    "payees:verify": _record_form(FP, FA),
    "payees:reveal": Policy(methods=SEND, roles=frozenset({FP, FA}), is_record=True),
    "payees:refuse": _record_form(FP, FA),
    # The bank desk: accounts, statements, lines and reconciliations
    "bank:accounts": _function(FP, FA, AU),
    "bank:add": _form(FP, FA),
    "bank:account": _record(FP, FA, AU),
    "bank:columns": _record_form(FP, FA),
    "bank:upload": _record_form(FP),
    "bank:statement": _record(FP, FA, AU),
    "bank:lines": _function(FP, FA, AU),
    "bank:line": _record_form(FP, FA, AU),
    "bank:undo": _record_form(FP, FA),
    "bank:reconciliation": _record(FP, FA, AU),
    "bank:sign": _record_form(FP, FA),
    "bank:pdf": _record(FP, FA, AU),
    "bank:workbook": _record(FP, FA, AU),
    # Payroll: whose time goes through it, its runs, and what it has paid
    "payroll:overview": _function(FP, FA, AU),
    "payroll:mark": _record_form(FP, FA),
    "payroll:end": _record_form(FP, FA),
    "payroll:prepare": _record_form(FP),
    "payroll:confirm": _record_form(FP, FA),
    "payroll:undo": _record_form(FP, FA),
    # Paid by hand: ways, runs, hand-overs, vouchers and cash
    "by-hand:overview": _function(FP, FA, AU),
    "by-hand:ways": _record(FP, FA, AU),
    "by-hand:way": _record_form(FP, FA),
    "by-hand:prepare": _record_form(FP),
    "by-hand:waiting": _record(FP, FA, AU),
    "by-hand:hand-over": _record_form(FP, FA),
    "by-hand:not": _record_form(FP, FA),
    "by-hand:handed": _record(FP, FA, AU),
    "by-hand:one": _record(FP, FA, AU),
    "by-hand:collected": _record_form(FP, FA),
    "by-hand:back": _record_form(FP, FA),
    "by-hand:undo": _record_form(FP, FA),
    "by-hand:codes": _record_form(FP, FA),
    "by-hand:stock": _record(FP, FA, AU),
    "by-hand:buy": _record_form(FP, FA),
    "by-hand:write-off": _record_form(FP, FA),
    "by-hand:counts": _record(FP, FA, AU),
    "by-hand:count": _record_form(FP, FA),
    # Months of the books, and what is posted by hand
    "months:list": _function(FP, FA, AU),
    "months:month": _record(FP, FA, AU),
    "months:close": _record_form(FA),
    "months:explain": _record_form(FP),
    "months:reopen": _record_form(FP, FA),
    "months:confirm": _record_form(FP, FA),
    "months:withdraw": _record_form(FP, FA),
    "months:open-books": _record_form(FP, FA),
    "months:fund": _record_form(FP, FA),
    "months:entry": _record(FP, FA, AU),
    # Money that did not arrive, was too much, or is owed to an estate
    "concerns:list": _function(FP, FA, AU),
    "concerns:concern": _record(C, FP, FA, AU, AD),
    "concerns:not-arrived": _record_form(C, FP, FA),
    "concerns:not-arrived-for": _record_form(L),
    "concerns:overpaid": _record_form(FP, FA),
    "concerns:died": _record_form(FP, FA, AD),
    "concerns:note": _record_form(FP, FA),
    "concerns:payment": _record_form(FP, FA),
    "concerns:arrived": _record_form(C, FP, FA),
    "concerns:never-taken": _record_form(FP, FA),
    "concerns:write-off": _record_form(FA),
    "concerns:repayment": _record_form(FP),
    "concerns:estate": _record_form(FP),
    "concerns:estate-check": _record_form(FP, FA),
    "concerns:settled": _record_form(FP, FA),
    "concerns:mistake": _record_form(FP, FA, AD),
    "concerns:agree": _record_form(FP, FA, AD),
    "concerns:decline": _record_form(FP, FA, AD),
    # A person's own bank details, and how we write to them
    "bank-details:overview": _function(C),
    "bank-details:change": _form(C),
    "bank-details:sent": _function(C),
    "contact:overview": _signed_in(),
    "contact:change": _signed_in(FORM),
    # Setting up: organisations, people, parts and projects
    "people:organisations": _function(AD),
    "people:organisation": _record(AD),
    "people:organisation-change": _record_form(AD),
    "people:adviser": _record_form(AD),
    "people:statement-name": _record_form(AD),
    "people:project": _record(AD),
    "people:project-add": _record_form(AD),
    "people:project-change": _record_form(AD),
    "people:project-shares": _record_form(AD),
    "people:people": _function(AD),
    "people:person": _record(AD),
    "people:person-add": _record_form(AD),
    "people:person-change": _record_form(AD),
    "people:person-invite": _record_form(AD),
    "people:person-leave": _record_form(AD),
    "people:link-add": _record_form(AD),
    "people:link-end": _record_form(AD),
    "people:role-grant": _record_form(AD),
    "people:role-end": _record_form(AD),
    "people:roles": _function(AD, FA),
    "people:role-confirm": _record_form(AD, FA),
    # Activities, for those who set them up
    "activities:list": _function(L, P),
    "activities:activity": _record(L, P),
    "activities:add": _record_form(L, P),
    "activities:change": _record_form(L, P),
    "activities:ask": _record_form(L, P),
    "activities:cancel": _record_form(L, P),
    # Rate policies; what we pay is for everybody who was invited
    "policies:list": _record(AD, FP, FA, AU),
    "policies:policy": _record_form(AD, FP, FA, AU),
    "policies:propose": _record_form(AD, FA),
    "what-we-pay:start": _signed_in(),
    "what-we-pay:now": Policy(is_record=True),
    "what-we-pay:version": Policy(is_record=True),
    # Help with money and benefits, for everybody; and the register it stands in
    "guidance:help": _signed_in(),
    "guidance:shown": Policy(is_record=True),
    "guidance:register": _record(AD),
    "guidance:text": _record_form(AD),
    "guidance:propose": _record_form(AD),
    "guidance:review": _record_form(AD),
    "guidance:figure": _record_form(AD),
    "guidance:figure-add": _record_form(AD),
    # Budgets
    "budgets:list": _record(P, H, R, FP, FA, AU),
    "budgets:version": _record_form(P, H, R, FP, FA, AU),
    "budgets:propose": _record_form(P, FP, FA),
    # Letters to print and people to ring
    "letters:list": _function(FP, FA, AD, L),
    "letters:print": Policy(methods=SEND, roles=frozenset({FP, FA, AD, L}), is_record=True),
    "letters:pack": _record(FP, FA, AD, L),
    "letters:pages": _record(FP, FA, AD, L),
    "calls:list": _function(FP, FA, AD, L),
    "calls:told": Policy(methods=SEND, roles=frozenset({FP, FA, AD, L}), is_record=True),
    # Projects and history
    "reports:projects": _function(P, H, FP, FA, AU),
    "reports:position": _record(P, H, FP, FA, AU),
    "reports:picture": _record(P, H, FP, FA, AU),
    "reports:history": Policy(is_record=True),
    "reports:trail": _function(AU),
    # Files made in the background
    "exports:list": _function(FP, FA, AU),
    "exports:workbook": _form(FP, FA, AU),
    "exports:journal": _form(FP, FA, AU),
    "exports:trail": _form(AU),
    "exports:checks": _form(AU),
    "exports:file": _record(FP, FA, AU),
    "exports:download": _record(FP, FA, AU),
    # Signing in (django-allauth)
    "account_login": _open(FORM),
    "account_logout": _signed_in(FORM),
    "account_inactive": _open(),
    "account_request_login_code": _open(FORM),
    "account_confirm_login_code": _open(FORM),
    "account_reset_password": _open(FORM),
    "account_reset_password_done": _open(),
    "account_reset_password_from_key": _open(FORM),
    "account_reset_password_from_key_done": _open(),
    "account_change_password": _signed_in(FORM),
    "account_set_password": _signed_in(FORM),
    "account_reauthenticate": _signed_in(FORM),
    # A second proof of who you are
    "mfa_index": _signed_in(),
    "mfa_authenticate": _open(FORM),
    "mfa_reauthenticate": _signed_in(FORM),
    "mfa_activate_totp": _signed_in(FORM),
    "mfa_deactivate_totp": _signed_in(FORM),
    "mfa_view_recovery_codes": _signed_in(),
    "mfa_generate_recovery_codes": _signed_in(FORM),
    "mfa_download_recovery_codes": _signed_in(),
    "mfa_list_webauthn": _signed_in(),
    "mfa_add_webauthn": _signed_in(FORM),
    "mfa_reauthenticate_webauthn": _signed_in(FORM),
    "mfa_remove_webauthn": Policy(methods=FORM, is_record=True),
    "mfa_edit_webauthn": Policy(methods=FORM, is_record=True),
    # Not offered: nobody signs up by themselves, and an administrator changes a login's address
    "account_signup": _NOT_OFFERED,
    "account_email": _NOT_OFFERED,
    "account_email_verification_sent": _NOT_OFFERED,
    "account_confirm_email": _NOT_OFFERED,
}
