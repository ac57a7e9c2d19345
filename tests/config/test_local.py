"""Commands find this machine's secrets and database, and never touch what somebody set."""

from pathlib import Path

import pytest

from config.local import environment

SET = {"SECRET_KEY": "x", "ENCRYPTION_KEYS": "y"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("secrets", "demo"):
        (tmp_path / "var" / folder).mkdir(parents=True)
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS"):
        (tmp_path / "var" / "secrets" / name).touch()
    return tmp_path


def test_secrets_come_from_the_set_up(root: Path) -> None:
    added = environment(root, ["manage.py", "price_claims"], {})
    assert added["SECRET_KEY_FILE"] == str(root / "var" / "secrets" / "SECRET_KEY")
    assert set(added) == {"SECRET_KEY_FILE", "ENCRYPTION_KEYS_FILE"}


def test_what_somebody_set_is_kept(root: Path) -> None:
    (root / "var" / "demo" / "demo.sqlite3").touch()
    assert environment(root, ["manage.py", "demo"], SET | {"DATABASE_URL": "postgres://x"}) == {}
    assert environment(root, ["manage.py", "demo"], SET | {"DEMO": "0"}) == {}


def test_the_demonstration_has_its_own_database(root: Path) -> None:
    added = environment(root, ["manage.py", "demo"], SET)
    assert added["DEMO"] == "1"
    assert added["DATABASE_URL"].endswith("/var/demo/demo.sqlite3")


def test_other_commands_work_on_the_demonstration_only_when_it_is_all_there_is(root: Path) -> None:
    assert environment(root, ["manage.py", "verify"], SET) == {}
    (root / "var" / "demo" / "demo.sqlite3").touch()
    assert environment(root, ["manage.py", "verify"], SET)["DEMO"] == "1"
    (root / "var" / "db.sqlite3").touch()
    assert environment(root, ["manage.py", "verify"], SET) == {}


def test_a_path_with_a_blank_is_written_as_an_address(tmp_path: Path) -> None:
    added = environment(tmp_path / "my ledger", ["manage.py", "demo"], SET)
    assert "my%20ledger" in added["DATABASE_URL"]
