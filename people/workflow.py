"""The statuses of a message and of a prepared file, and the moves between them."""

from django.db import models

from common.workflow import Moves


class MessageStatus(models.TextChoices):
    """How far a message is; the last three say by which way it went."""

    WAITING = "waiting", "Waiting"
    FAILED = "failed", "Could not be sent"
    SENT = "sent", "Sent by e-mail"
    PRINTED = "printed", "Printed as a letter"
    TOLD = "told", "Told by telephone"


OPEN = frozenset({MessageStatus.WAITING, MessageStatus.FAILED})
MESSAGE_MOVES: Moves = {
    "fail": (OPEN, MessageStatus.FAILED),
    "send": (OPEN, MessageStatus.SENT),
    "print": (OPEN, MessageStatus.PRINTED),
    "tell": (OPEN, MessageStatus.TOLD),
}


class FileStatus(models.TextChoices):
    """How far a file is that is prepared for somebody in the background."""

    WAITING = "waiting", "Waiting for its turn"
    WORKING = "working", "Being prepared"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be prepared"
    GONE = "gone", "No longer kept"


UNDER_WAY = frozenset({FileStatus.WAITING, FileStatus.WORKING})
FILE_MOVES: Moves = {
    "begin": (frozenset({FileStatus.WAITING}), FileStatus.WORKING),
    "finish": (frozenset({FileStatus.WORKING}), FileStatus.READY),
    "give up": (UNDER_WAY, FileStatus.FAILED),
    "remove": (frozenset({FileStatus.READY}), FileStatus.GONE),
}
