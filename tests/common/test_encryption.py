"""A sealed value opens only where it belongs, unaltered, under a key we hold."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.encryption import CannotOpen, KeyRing

OLD = KeyRing({1: bytes(range(32))})
BOTH = KeyRing({1: bytes(range(32)), 2: bytes(range(32, 64))})


@given(st.binary(max_size=200))
def test_it_opens_what_it_sealed(plain: bytes) -> None:
    assert BOTH.open(BOTH.seal(plain, "details:1:number"), "details:1:number") == plain


def test_the_same_value_looks_different_each_time() -> None:
    assert OLD.seal(b"12345678", "here") != OLD.seal(b"12345678", "here")


def test_a_value_moved_to_another_place_does_not_open() -> None:
    with pytest.raises(CannotOpen, match="moved"):
        OLD.open(OLD.seal(b"12345678", "details:1:number"), "details:2:number")


def test_any_altered_byte_is_noticed() -> None:
    sealed = OLD.seal(b"12345678", "here")
    for place in range(len(sealed)):
        altered = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(CannotOpen):
            OLD.open(altered, "here")
    with pytest.raises(CannotOpen):
        OLD.open(b"", "here")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    assert BOTH.open(OLD.seal(b"old", "here"), "here") == b"old"
    assert BOTH.seal(b"new", "here")[0] == 2
    with pytest.raises(CannotOpen, match="not on the ring"):
        OLD.open(BOTH.seal(b"new", "here"), "here")


def test_a_fingerprint_finds_equals_and_survives_rotation() -> None:
    assert OLD.fingerprint("12345678", "account") == BOTH.fingerprint("12345678", "account")
    assert OLD.fingerprint("12345678", "account") != OLD.fingerprint("12345679", "account")
    assert OLD.fingerprint("12345678", "account") != OLD.fingerprint("12345678", "other")


@pytest.mark.parametrize(
    "entries",
    [
        [],
        ["nonsense"],
        ["1:short"],
        ["0:" + urlsafe_b64encode(bytes(32)).decode()],
        ["1:" + urlsafe_b64encode(bytes(31)).decode()],
        ["1:" + urlsafe_b64encode(bytes(32)).decode()] * 2,
    ],
)
def test_it_refuses_a_ring_that_is_not_one(entries: list[str]) -> None:
    with pytest.raises(ValueError, match=r"[Kk]ey"):
        KeyRing.read(entries)
