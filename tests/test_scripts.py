"""What the scripts refuse before they do anything slow, and what their locked inputs and outputs may hold."""

import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def server(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "script/server", *options], capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize("options", [("--port", "0"), ("--port", "65536"), ("--port", "web"), ("--port",)])
def test_the_server_refuses_what_is_not_a_port(options: tuple[str, ...]) -> None:
    answer = server(*options)
    assert answer.returncode == 2
    assert "number from 1 to 65535" in answer.stderr


def test_the_server_refuses_an_option_it_does_not_know() -> None:
    answer = server("--prot", "8001")
    assert answer.returncode == 2
    assert "Unknown option --prot" in answer.stderr


def test_the_server_says_plainly_that_its_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = server("--port", str(port))
    assert answer.returncode == 1
    assert f"Port {port} is in use" in answer.stderr


def test_the_front_end_lock_proves_every_package_and_names_no_download_address() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity": "sha512-' in lock
    assert '"resolved"' not in lock
    assert "://registry" not in lock


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_python_locks_prove_every_package_and_name_no_index(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    packages = [part for part in lock.split("\n") if "==" in part and not part.startswith((" ", "#"))]
    assert packages
    assert all(line.endswith("\\") for line in packages)  # a hash follows
    assert "index-url" not in lock.replace("--no-emit-index-url", "")


def test_the_built_style_sheet_holds_nothing_that_is_reserved_for_gov_uk() -> None:
    sheet = (ROOT / "static/built/ledger.css").read_text(encoding="utf-8")
    assert "Atkinson Hyperlegible Next" in sheet
    assert "GDS Transport" not in sheet
    assert "crest" not in sheet
    assert "crown" not in sheet


@pytest.mark.parametrize("name", ["ledger.css", "ledger.js"])
def test_the_built_files_name_no_source_map(name: str) -> None:
    assert "sourceMappingURL" not in (ROOT / "static/built" / name).read_text(encoding="utf-8")
