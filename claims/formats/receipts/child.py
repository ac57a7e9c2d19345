"""The child process: limits itself, reads a file from standard input, prints a drawing of it.

Started by path (`sandbox.decode`) with the kind of the file as its argument. The answer is one line of
JSON, then the bytes of the drawing. Nothing here may be imported by the site.
"""

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3]))  # -I leaves the working directory out

from claims.formats.receipts import limits  # noqa: E402

limits.apply()

from claims.formats.receipts.drawing import Drawing, draw  # noqa: E402
from claims.formats.receipts.words import Kind, Refusal, Refused  # noqa: E402

ANSWERED = ("kind", "width", "height", "pages", "look")


def answer(kind: Kind) -> tuple[dict[str, str | int], bytes]:
    """The header and the drawing, or a header that says why there is none."""
    try:
        drawing: Drawing = draw(kind, sys.stdin.buffer.read())
    except Refused as refused:
        return {"refused": refused.refusal}, b""
    except MemoryError:
        return {"refused": Refusal.MEMORY}, b""
    except Exception:  # noqa: BLE001 - whatever a decoder trips over, the file is at fault
        return {"refused": Refusal.UNREADABLE}, b""
    header: dict[str, str | int] = {name: getattr(drawing, name) for name in ANSWERED}
    return header, drawing.content


if __name__ == "__main__":
    header, content = answer(Kind(sys.argv[1]))
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + content)
