"""The neutral note, which is the same for everybody, and how a text is laid out."""

from collections.abc import Iterator
from dataclasses import dataclass

NOTE = "Money, vouchers and gifts can all affect benefits and tax."
TALK = "You can talk to someone in confidence:"


def note_for(adviser: str) -> str:
    """The note with whom to talk to, as it stands beside every answer."""
    return f"{NOTE} {TALK} {adviser}"


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list when its lines begin with a dash."""

    lines: tuple[str, ...]
    is_list: bool


def blocks(body: str) -> Iterator[Block]:
    """The text in pieces that a page can show: empty lines part them."""
    for piece in body.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in piece.splitlines() if line.strip()]
        if not lines:
            continue
        if all(line.startswith("- ") for line in lines):
            yield Block(tuple(line.removeprefix("- ") for line in lines), is_list=True)
        else:
            yield Block((" ".join(lines),), is_list=False)
