"""The table of access as a page that people can read: docs/permissions.md."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from inspect import cleandoc
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from config.access import TABLE, Policy, Reach
from people.models import RoleKind

PAGE = Path(settings.BASE_DIR) / "docs" / "permissions.md"
COMMAND = "manage.py write_permissions"
OF_EVERYBODY, SIGNING_IN = "Pages of everybody", "Signing in"
# Whose records somebody with a part meets; the queries behind each page see to it.
WHOSE = {
    RoleKind.CONTRIBUTOR: "their own",
    RoleKind.LINK: "those of the people they help; activities of their projects",
    RoleKind.LEAD: "those of their projects; never to decide their own, or what they typed in",
    RoleKind.HOLDER: "those of their projects; never to decide their own, or what they typed in",
    RoleKind.REVIEWER: "budgets of their projects",
    RoleKind.PREPARER: "those of their organisation, as far as money is due",
    RoleKind.APPROVER: "as a preparer; never to sign a run that they prepared, or that pays them",
    RoleKind.AUDITOR: "those of their organisation, as far as money is due; the whole trail",
    RoleKind.ADMINISTRATOR: "people, parts, projects and letters of their organisation; no claims, no money",
}
HEAD = f"""
# Who may do what

Written by `{COMMAND}` from the table in `config/access.py`, which is what lets people in. Do not
edit it by hand: a test fails when it no longer says what the table says. Another test asks for every address
below as everybody, with every method, for records of their own, of others and of strangers, and compares the
answers (`tests/web/test_access.py`). Where it differs from what was planned, and why, is in
[decision 10](decisions/0010-access-matrix.md).

- **see** is to look at a page (GET, HEAD); **send** is to send its form (POST). Other methods are refused
  everywhere.
- **–** is no part in it. A page of a part answers 403 to others; a page of a record (marked *record*) answers
  404, as if there were no such record.
- An address that is not in the table answers 404 to everybody.
- Being let in is not yet being allowed. Whether this person may take this step with this record is asked
  again by the rules in each app's `permissions.py`, which compare people, not logins. So an auditor
  reads a page on which finance confirms something, and is refused when they send its form.

Whose records each part meets. Somebody with several parts meets the records of each of them.

| part | records |
|---|---|
"""
COLUMNS = ("page", "address", "signed out", *(kind.label for kind in RoleKind))


@dataclass(frozen=True)
class Address:
    """One address that the site answers to."""

    name: str
    path: str
    about: str

    @property
    def room(self) -> str:
        room, colon, _ = self.name.partition(":")
        if colon:
            return room.replace("-", " ").capitalize()
        return SIGNING_IN if room.startswith(("account_", "mfa_")) else OF_EVERYBODY


def addresses() -> list[Address]:
    """Every address of the site, in the order of the table of access."""
    found = {each.name: each for each in _walk(get_resolver().url_patterns, "", "/")}
    return [found[name] for name in TABLE]


def text() -> str:
    """The whole page."""
    parts = [HEAD.strip(), *(_line((kind.label, words)) for kind, words in WHOSE.items()), ""]
    rooms: dict[str, list[Address]] = {}
    for address in addresses():
        rooms.setdefault(address.room, []).append(address)
    for room, rows in rooms.items():
        parts += [f"## {room}", "", _line(COLUMNS), "|---" * len(COLUMNS) + "|"]
        parts += [_row(address, TABLE[address.name]) for address in rows]
        parts.append("")
    return "\n".join(parts)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, before: str) -> Iterator[Address]:
    for each in patterns:
        [(part, _), *_] = normalize(each.pattern.regex.pattern)
        path = before + part.replace("%(", "{").replace(")s", "}")
        if isinstance(each, URLResolver):
            name = f"{prefix}{each.namespace}:" if each.namespace else prefix
            yield from _walk(each.url_patterns, name, path)
        else:
            yield Address(f"{prefix}{each.name}", path, _about(each))


def _about(pattern: URLPattern) -> str:
    """The first line of what our view says of itself; nothing for a view of a package."""
    view = pattern.callback
    ours = view.__module__.partition(".")[0] not in {"allauth", "django"}
    return cleandoc(view.__doc__).splitlines()[0].removesuffix(".") if ours and view.__doc__ else ""


def _row(address: Address, policy: Policy) -> str:
    about = address.about or address.name.partition("_")[2].replace("_", " ").capitalize()
    page = f"{about} (*record*)" if policy.is_record else about
    done = [word for word, method in (("see", "GET"), ("send", "POST")) if method in policy.methods]
    let_in = [policy.reach is Reach.ANYONE, *(_lets_in(policy, kind) for kind in RoleKind)]
    return _line((page, f"`{address.path}`", *(", ".join(done) if here else "–" for here in let_in)))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _lets_in(policy: Policy, kind: RoleKind) -> bool:
    return policy.reach is not Reach.NOT_OFFERED and (not policy.roles or kind in policy.roles)
