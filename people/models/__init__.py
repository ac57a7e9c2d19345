"""Persons and logins, organisations and projects, roles and links, messages, prepared files."""

from people.models.death import Death
from people.models.former import FormerContact
from people.models.message import ABOUT_PAYMENTS, Message, MessageKind, PrintPack
from people.models.organisation import Organisation, Partner, Project
from people.models.person import LARGE_PRINT, Channel, PaperFormat, Person, User
from people.models.prepared_file import KEPT_KINDS, FileKind, PreparedFile, PreparedPart
from people.models.role import CONFIRMED_KINDS, FINANCE, PROJECT_ROLES, Link, Role, RoleKind

__all__ = [
    "ABOUT_PAYMENTS",
    "CONFIRMED_KINDS",
    "FINANCE",
    "KEPT_KINDS",
    "LARGE_PRINT",
    "PROJECT_ROLES",
    "Channel",
    "FormerContact",
    "FileKind",
    "Death",
    "Link",
    "Message",
    "MessageKind",
    "Organisation",
    "PaperFormat",
    "Partner",
    "Person",
    "PreparedFile",
    "PreparedPart",
    "PrintPack",
    "Project",
    "Role",
    "RoleKind",
    "User",
]
