"""Long remittances break well, large print is large, and print packs suit a printer of both sides."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from payments.formats.print_pack import print_pack
from payments.formats.remittance import Contact, CostLine, Size, remittance_pdf
from tests.payments.formats.remittance_examples import CORA, DAY, HUNDRED_LINES, bus, cost_part, pages, read

HEADING = "What your bank statement will say"


@pytest.mark.parametrize("size", Size)
def test_a_hundred_lines_repeat_the_table_header_and_count_the_pages(size: Size) -> None:
    found = pages(remittance_pdf(HUNDRED_LINES, size=size))
    assert len(found) > 5
    with_rows = [text for text in found if "Bus to meeting" in text]
    assert all("You claimed" in text for text in with_rows)
    for number, text in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in text


@pytest.mark.parametrize("size", Size)
def test_a_hundred_lines_each_appear_once(size: Size) -> None:
    words = read(remittance_pdf(HUNDRED_LINES, size=size), "-raw").split()
    claims = [word for word in words if word.startswith("C-")]
    assert claims == [f"C-{number:06d}" for number in range(100)]
    assert words.count("£529.50") == 2  # the bank line and the total


@pytest.mark.parametrize("size", Size)
def test_the_bank_lines_are_never_parted_from_their_heading(size: Size) -> None:
    places = set()
    for lines in range(0, 48):
        found = pages(remittance_pdf(replace(CORA, promise="\n".join(["Soon."] * (lines + 1))), size=size))
        place = next(number for number, text in enumerate(found) if HEADING in text)
        assert "EXAMPLE COUNCIL FEE 000101" in found[place]
        assert "EXAMPLE COUNCIL EXP 000101" in found[place]
        places.add(place)
    assert places == {0, 1, 2} if size is Size.LARGE else places == {0, 1}


def test_the_total_stays_with_the_last_row() -> None:
    seen = set()
    for count in range(1, 40):
        costs = cost_part(*(bus(number) for number in range(count)))
        found = pages(remittance_pdf(replace(HUNDRED_LINES, costs=costs)))
        place = next(number for number, text in enumerate(found) if "Total for your costs" in text)
        assert f"Bus to meeting {count - 1}" in found[place]
        seen.add(place)
    assert len(seen) > 2


def test_a_row_taller_than_a_page_is_broken_and_loses_nothing() -> None:
    words = [f"word{number}" for number in range(2000)]
    line = CostLine(DAY, "Lunch", 2, 1, "C-000041", " ".join(words))
    content = remittance_pdf(replace(CORA, costs=cost_part(line)))
    assert [word for word in read(content, "-raw").split() if word.startswith("word")] == words
    assert len(pages(content)) > 5


def _sizes(content: bytes) -> set[float]:
    """Sizes of all text on all pages, in points."""
    sizes: set[float] = set()

    def visit(text: str, _matrix: object, _place: object, _font: object, size: float) -> None:
        if text.strip():
            sizes.add(size)

    for page in PdfReader(io.BytesIO(content)).pages:
        page.extract_text(visitor_text=visit)
    return sizes


def test_standard_print_is_12_points_or_more_and_large_print_18() -> None:
    assert min(_sizes(remittance_pdf(CORA))) == 12
    assert min(_sizes(remittance_pdf(CORA, size=Size.LARGE))) == 18


def test_the_address_keeps_to_the_window_of_the_envelope_in_both_sizes() -> None:
    posted = replace(CORA, address=("14 Mill Lane", "Bedworth", "Warwickshire", "CV12 0AB"))
    for size in Size:
        lines = read(remittance_pdf(posted, size=size), "-bbox").splitlines()
        postcode = next(line for line in lines if "CV12" in line)
        bottom = float(postcode.split('yMax="')[1].split('"')[0])
        assert 150 < bottom < 252
    assert "Mill Lane" not in read(remittance_pdf(CORA))


def test_every_letter_of_a_print_pack_starts_on_an_odd_page() -> None:
    short = replace(CORA, time=None, what_changed="", reference="R-000124")
    letters = [
        (short, Size.STANDARD),
        (CORA, Size.STANDARD),
        (HUNDRED_LINES, Size.LARGE),
        (short, Size.STANDARD),
    ]
    found = pages(print_pack(letters))
    starts = [number for number, text in enumerate(found, start=1) if "Page 1 of" in text]
    assert len(starts) == 4
    assert all(number % 2 == 1 for number in starts)
    assert "" in found


def test_a_print_pack_has_no_blank_page_where_none_is_needed() -> None:
    two_pages = [(CORA, Size.STANDARD)] * 2
    assert len(pages(remittance_pdf(CORA))) == 2
    assert "" not in pages(print_pack(two_pages))


def test_it_refuses_a_print_pack_without_letters() -> None:
    with pytest.raises(ValueError, match="at least one letter"):
        print_pack([])


def test_a_contact_without_telephone_or_email_leaves_no_stray_words() -> None:
    text = read(remittance_pdf(replace(CORA, support=Contact("Samira Okafor", email="support@example.org"))))
    assert "or support@example.org" not in text
