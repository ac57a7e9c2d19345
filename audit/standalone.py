"""Check an exported trail with nothing but Python: `python standalone.py trail.jsonl [checkpoint.json]`.

A ZIP that holds both may be named instead: `python standalone.py trail-7.zip [checkpoint.json]`. Its own
checkpoint was made with it, so that only one that was kept elsewhere shows a trail that was written anew.

Whoever holds an export and a checkpoint can run this on any computer, without this program or its
database. The format: one JSON object a line. A seal line has `seal` (its number, from 1), `at`,
`size`, `previous` and `hash`; the `size` lines after it are its events, with `event` (its key) and
`text`, or with `digest` where the text is not for whoever asked.

    digest of an event = SHA-256 of its text
    hash of a seal     = SHA-256 of "number|at|previous|digest|digest|..."
    previous           = the hash of the seal before; 64 zeros for the first

A checkpoint is one JSON object with `seal`, `hash` and `events` (how many up to that seal).
"""

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

START = "0" * 64


class Trail:
    """Reads an export line by line and says what is wrong with it."""

    def __init__(self) -> None:
        self.previous = START
        self.number = 0
        self.events = 0
        self.hidden = 0  # events shown by their digest alone
        self.missing = 0  # events still to come for the seal being read
        self.running = hashlib.sha256()
        self.claimed = START
        self.seen: dict[int, tuple[str, int]] = {}  # seal -> hash and events up to it

    def read(self, lines: Iterable[str]) -> Iterator[str]:
        """Everything that is wrong, in words; nothing when the trail is whole."""
        for place, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                yield from self._seal(row) if "seal" in row else self._event(row)
            except (ValueError, KeyError, TypeError):
                yield f"Line {place} cannot be read."
        yield from self._finish()

    def _seal(self, row: dict[str, Any]) -> Iterator[str]:
        yield from self._finish()
        number, size = int(row["seal"]), int(row["size"])
        if number != self.number + 1 or row["previous"] != self.previous:
            yield f"Seal {number} does not follow the seal before it."
        self.number, self.missing, self.claimed = number, size, row["hash"]
        self.running = hashlib.sha256(f"{number}|{row['at']}|{row['previous']}".encode())

    def _event(self, row: dict[str, Any]) -> Iterator[str]:
        if self.number == 0:
            yield f"Event {row['event']} stands before the first seal."
        if "text" in row:
            digest = hashlib.sha256(str(row["text"]).encode()).hexdigest()
        else:
            digest, self.hidden = str(row["digest"]), self.hidden + 1
        self.running.update(f"|{digest}".encode())
        self.events += 1
        self.missing -= 1

    def _finish(self) -> Iterator[str]:
        if self.number == 0 or self.number in self.seen:
            return
        if self.missing:
            yield f"Seal {self.number} has lost or gained events."
        if self.running.hexdigest() != self.claimed:
            yield f"Seal {self.number} does not fit its events."
        self.previous = self.claimed
        self.seen[self.number] = (self.claimed, self.events)

    def against(self, checkpoint: dict[str, Any]) -> Iterator[str]:
        """What a checkpoint saw and the export does not show."""
        found = self.seen.get(int(checkpoint["seal"]))
        if found is None:
            yield f"Seal {checkpoint['seal']}, which the checkpoint saw, is gone: the end was cut off."
        elif found != (checkpoint["hash"], checkpoint["events"]):
            yield f"Seal {checkpoint['seal']} is not the one the checkpoint saw: the trail was written anew."


def main(arguments: list[str]) -> int:
    """Check the files named; returns 0 when the trail is whole, 1 when not, 2 when asked wrongly."""
    if len(arguments) not in (1, 2):
        sys.stderr.write("Usage: python standalone.py trail.jsonl [checkpoint.json]\n")
        return 2
    trail, checkpoints = Trail(), [Path(each).read_text(encoding="utf-8") for each in arguments[1:]]
    if zipfile.is_zipfile(arguments[0]):
        with zipfile.ZipFile(arguments[0]) as packed:
            checkpoints.append(packed.read("checkpoint.json").decode())
            with packed.open("trail.jsonl") as lines:
                wrong = list(trail.read(line.decode() for line in lines))
    else:
        with Path(arguments[0]).open(encoding="utf-8") as lines:
            wrong = list(trail.read(lines))
    for checkpoint in checkpoints:
        wrong += trail.against(json.loads(checkpoint))
    said = wrong or [f"The trail is whole: {trail.events} events under {trail.number} seals."]
    if trail.hidden:
        said.append(f"Of these, {trail.hidden} are shown by their digest alone.")
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
