"""The child process has less than it could ask for. Each limit is shown with it on, and with it off."""

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from claims.formats.receipts import ReceiptError, read_receipt, sandbox
from claims.formats.receipts.limits import CPU_SECONDS, LARGEST_ANSWER
from tests.claims.receipts.samples import jpeg

ROOT = Path(__file__).parents[3]
LIMITED = f"""
import sys
sys.path.append({str(ROOT)!r})
from claims.formats.receipts import limits
limits.apply()
"""
SPIN = "while True: pass"
HOG = "print(len(bytearray(1 << 30)))"
SOCKET = "import socket; socket.socket(); print('open')"
READ = "print(open('/etc/hostname').name)"
WRITE = "import tempfile; file = tempfile.TemporaryFile(); file.write(b'x'); file.flush(); print('written')"
CLOSED = LIMITED + "import socket; limits.close_the_doors()\n"


def said(program: str, *, content: bytes = b"", seconds: float = 15) -> bytes:
    return sandbox.run([sys.executable, "-I", "-c", program], content, seconds=seconds)


def test_a_program_that_spins_runs_out_of_processor_time() -> None:
    started = time.monotonic()
    with pytest.raises(sandbox.Stopped):
        said(LIMITED + SPIN, seconds=60)
    assert CPU_SECONDS - 1 < time.monotonic() - started < 50


@pytest.mark.parametrize("program", [SPIN, "import time; time.sleep(60)"])
def test_a_program_that_does_not_end_is_ended(program: str) -> None:
    started = time.monotonic()
    with pytest.raises(sandbox.Stopped):
        said(program, content=bytes(1_000_000), seconds=0.5)
    assert 0.4 < time.monotonic() - started < 10


def test_a_program_that_wants_memory_does_not_get_it() -> None:
    with pytest.raises(sandbox.Stopped):
        said(LIMITED + HOG)
    assert said(HOG) == b"1073741824\n"


def test_a_program_cannot_fill_the_disk() -> None:
    with pytest.raises(sandbox.Stopped):
        said(LIMITED + WRITE)
    assert said(WRITE) == b"written\n"


@pytest.mark.parametrize("program", [SOCKET, READ])
def test_behind_closed_doors_nothing_opens(program: str) -> None:
    with pytest.raises(sandbox.Stopped):
        said(CLOSED + program)
    assert said(LIMITED + program)


def test_a_program_that_talks_too_much_is_cut_off() -> None:
    talk = "import sys; sys.stdout.buffer.write(bytes({}))"
    assert len(said(talk.format(LARGEST_ANSWER))) == LARGEST_ANSWER
    with pytest.raises(sandbox.Stopped):
        said(talk.format(1 << 28))


def test_a_program_that_fails_or_does_not_listen_is_no_answer() -> None:
    with pytest.raises(sandbox.Stopped):
        said("print('fine'); raise SystemExit(1)")
    with pytest.raises(sandbox.Stopped):
        said("raise SystemExit(1)", content=bytes(1_000_000))


def test_secrets_and_open_files_stay_with_the_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "very secret")
    show = (
        "import os; print(sorted(os.environ), sorted(os.listdir('/proc/self/fd')), os.getcwd(), sys.path[0])"
    )
    with tempfile.TemporaryFile() as file:
        os.set_inheritable(file.fileno(), True)
        answer = said("import sys\n" + show).decode()
    assert "SECRET_KEY" not in answer
    assert str(ROOT) not in answer
    assert "['0', '1', '2', '3'] /" in answer  # 3 is the listing itself


def test_many_at_once_wait_for_a_place() -> None:
    with ThreadPoolExecutor(5) as pool:
        drawn = list(pool.map(lambda _: read_receipt(jpeg()).width, range(5)))
    assert drawn == [300] * 5


def test_somebody_who_would_wait_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "PATIENCE", 0.01)
    for _ in range(sandbox.AT_ONCE):
        assert sandbox._places.acquire(blocking=False)
    try:
        with pytest.raises(ReceiptError, match="Wait a minute"):
            read_receipt(jpeg())
    finally:
        sandbox._places.release(sandbox.AT_ONCE)
    assert read_receipt(jpeg()).width == 300
