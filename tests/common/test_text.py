"""Text is made regular or refused; what goes to a bank holds only what Bacs carries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text import TextError, bank_text, tidy


def test_it_makes_text_regular() -> None:
    assert tidy("  Zoe\u0308  O’Brien ") == "Zoë O’Brien"
    assert tidy("a\nb") == "a b"
    assert tidy("first\nsecond\n", line=False) == "first\nsecond"


@pytest.mark.parametrize("welcome", ["👩🏽‍🦽 bus", "اسم", "שם", "Łukasz"])
def test_every_script_and_emoji_is_welcome(welcome: str) -> None:
    assert tidy(welcome) == welcome


@pytest.mark.parametrize("hostile", ["a\x00b", "a\x07b", "a\x9fb", "a\u202eb", "a\u2066b", "a\ud800b"])
def test_it_refuses_marks_that_hide_what_was_written(hostile: str) -> None:
    with pytest.raises(TextError, match="Type it again"):
        tidy(hostile)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Zoë O'Brien-Núñez", "ZOE O BRIEN-NUNEZ"),
        ("Kim Łukasz", "KIM LUKASZ"),
        ("Straße & Co. /7", "STRASSE & CO. /7"),
        ("اسم", ""),
        ("A" * 40, "A" * 18),
    ],
)
def test_bank_text_is_what_bacs_can_carry(name: str, sent: str) -> None:
    assert bank_text(name, 18) == sent


@given(st.text(max_size=60))
def test_bank_text_never_holds_anything_else(text: str) -> None:
    sent = bank_text(text, 18)
    assert len(sent) <= 18
    assert sent == sent.strip()
    assert set(sent) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.&/- ")
