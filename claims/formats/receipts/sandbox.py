"""Run a program on bytes that nobody trusts, and take back a bounded answer or nothing."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore, Timer

from claims.formats.receipts.limits import LARGEST_ANSWER, WALL_SECONDS

CHILD = Path(__file__).with_name("child.py")
AT_ONCE = 2  # children per web process, each with its own memory
PATIENCE = 10.0  # seconds to wait for a free place
# One heap, so that address space measures use. Nothing else of our environment, which holds secrets.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}

_places = BoundedSemaphore(AT_ONCE)


class Stopped(Exception):
    """The child ran into a limit, crashed, or said more than it may."""


class Busy(Exception):
    """Every place was taken for as long as somebody at a screen waits."""


def decode(kind: str, content: bytes) -> bytes:
    """The answer of our decoder for a file of this kind. Raises Stopped and Busy."""
    # -I: no user site, no PYTHON* variables, nothing imported from the working directory.
    return run([sys.executable, "-I", "-B", str(CHILD), kind], content)


def run(command: Sequence[str], content: bytes, *, seconds: float = WALL_SECONDS) -> bytes:
    """Give `content` to a command and read what it prints. Raises Stopped and Busy.

    It starts a fresh program rather than a copy of this one, so it is safe in a threaded server.
    """
    if not _places.acquire(timeout=PATIENCE):
        raise Busy
    try:
        return _run(command, content, seconds)
    finally:
        _places.release()


def _run(command: Sequence[str], content: bytes, seconds: float) -> bytes:
    with subprocess.Popen(  # noqa: S603 - the program is ours; only its input is a stranger's
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        cwd="/",
        close_fds=True,
    ) as child:
        alarm = Timer(seconds, child.kill)
        alarm.start()
        try:
            answer = _talk(child, content)
            if len(answer) > LARGEST_ANSWER:
                raise Stopped
            if child.wait() != 0:  # the alarm still runs, so this ends
                raise Stopped
            return answer
        finally:
            child.kill()
            alarm.cancel()


def _talk(child: subprocess.Popen[bytes], content: bytes) -> bytes:
    """Write everything, then read at most one byte more than is allowed. A kill ends both."""
    assert child.stdin is not None  # noqa: S101 - for the type checker: both are pipes
    assert child.stdout is not None  # noqa: S101
    with suppress(BrokenPipeError):  # it died or stopped listening; its exit status tells
        child.stdin.write(content)
    with suppress(BrokenPipeError):
        child.stdin.close()
    return child.stdout.read(LARGEST_ANSWER + 1)
