"""Whatever people are called prints: as typed, never as markup, never as an empty box, never a crash."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.pdf.fonts import REPLACEMENT, register_fonts
from common.pdf.text import drawn, wrap
from payments.formats.remittance import remittance_pdf
from tests.payments.formats.remittance_examples import CORA, pages, read, tool


@pytest.fixture(autouse=True)
def _fonts() -> None:
    register_fonts()


def fonts_of(text: str) -> list[str]:
    return [run.font for run in drawn(text, False).runs]


@pytest.mark.parametrize(
    "name", ["<b>x & y</b>", "&lt;", "<para>", "a\\(b)", "Zoë Łukasz", "O’Brien", "Жанна"]
)
def test_a_name_prints_as_it_is_typed(name: str) -> None:
    assert name in read(remittance_pdf(replace(CORA, payee=name)))


@pytest.mark.parametrize(
    ("text", "fonts"),
    [
        ("Zoë Łukasz", ["AtkinsonHyperlegibleNext-Regular"]),
        ("Жанна", ["DejaVuSans"]),
        ("محمد", ["NotoNaskhArabic-Regular"]),
        ("Amira محمد", ["AtkinsonHyperlegibleNext-Regular", "NotoNaskhArabic-Regular"]),
    ],
)
def test_each_letter_is_drawn_by_a_font_that_has_it(text: str, fonts: list[str]) -> None:
    assert fonts_of(text) == fonts


def test_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    (run,) = drawn("محمد", False).runs
    assert not set(run.text) & set("محمد"[:3])  # every letter but the last has another, joined shape
    assert drawn("محمد", False).said == "محمد"
    assert run.width < sum(drawn(letter, False).width for letter in "محمد")


def test_a_number_inside_an_arabic_address_keeps_its_place_and_its_direction() -> None:
    texts = [run.text.strip() for run in drawn("شارع 12 القاهرة", False).runs]
    assert texts.index("12") == 2 or "12" in texts[1:-1]
    first, last = drawn("القاهرة", False).runs[0].text, drawn("شارع", False).runs[0].text
    assert texts[0] == first
    assert texts[-1] == last


def test_brackets_in_a_mixed_line_stand_where_they_are_typed() -> None:
    line = "".join(run.text for run in drawn("Flat 3 (حي), 4 Mill Lane", False).runs)
    assert line.startswith("Flat 3 (")
    assert line.endswith("), 4 Mill Lane")


def test_hebrew_is_turned() -> None:
    assert "".join(run.text for run in drawn("אברהם", False).runs) == "םהרבא"


def test_a_letter_no_font_has_shows_that_it_is_missing_and_is_still_read_aloud() -> None:
    line = drawn("王 Li", False)
    assert line.runs[0].text == REPLACEMENT
    assert line.runs[0].font == "DejaVuSans"
    assert line.said == "王 Li"


def test_an_accent_stays_with_its_letter() -> None:
    assert fonts_of("q\u0308") in (["DejaVuSans"], ["AtkinsonHyperlegibleNext-Regular"])
    assert "Zo\u00eb" in read(remittance_pdf(replace(CORA, payee="Zoe\u0308")))


@pytest.mark.parametrize("text", ["", "\u200b", "\u202e", "\ud800", "\x00", "\u0301", "\u200d", "😀👩‍👩‍👧"])
def test_text_that_is_hardly_text_does_not_stop_a_payment(text: str) -> None:
    assert pages(remittance_pdf(replace(CORA, payee=text)))


def test_marks_that_turn_the_direction_do_not_reach_the_page() -> None:
    assert "".join(run.text for run in drawn("ab\u202ecd", False).runs) == "abcd"


@given(st.text(max_size=60), st.booleans())
def test_any_text_can_be_drawn_in_known_fonts(text: str, bold: bool) -> None:
    line = drawn(text, bold)
    assert line.runs
    assert line.width >= 0


@given(st.text(alphabet="ab Zë\n漢م", max_size=200), st.floats(30, 300))
def test_broken_lines_fit_and_lose_nothing(text: str, width: float) -> None:
    lines = wrap(text, size=12, bold=False, width=width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(drawn(line, False).width * 12 <= width + 0.1 for line in lines)


def test_a_word_wider_than_the_page_stays_on_the_page() -> None:
    content = remittance_pdf(replace(CORA, payee="W" * 300))
    boxes = tool("pdftotext", content, "-bbox", "-", "-").splitlines()
    right = [float(line.split('xMax="')[1].split('"')[0]) for line in boxes if "WWW" in line]
    assert len(right) > 3
    assert max(right) < 595 - 50
