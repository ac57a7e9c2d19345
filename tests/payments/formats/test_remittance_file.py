"""The file itself: fonts inside, tagged for screen readers, a neutral title, the same bytes each time."""

import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from common.pdf.fonts import FontsMissing, register_fonts
from payments.formats.print_pack import print_pack
from payments.formats.remittance import Remittance, Size, remittance_pdf
from tests.payments.formats.remittance_examples import CORA, HUNDRED_LINES, tool

ARABIC = replace(CORA, payee="محمد عبد الله")


@pytest.mark.parametrize("remittance", [CORA, HUNDRED_LINES, ARABIC, replace(CORA, payee="王小明 אברהם")])
def test_every_font_is_embedded(remittance: Remittance) -> None:
    rows = tool("pdffonts", remittance_pdf(remittance), "-").splitlines()[2:]
    assert rows
    assert all(re.search(r" yes yes yes +\d+ +0$", row) for row in rows)
    assert not any("Helvetica" in row for row in rows)


def test_the_title_is_neutral_and_shown_in_place_of_the_file_name() -> None:
    content = remittance_pdf(CORA)
    assert re.search(r"^Title: +Remittance advice R-000123$", tool("pdfinfo", content, "-"), re.M)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.Root.Lang) == "en-GB"


def test_it_is_tagged_with_headings_and_table_headers_in_reading_order() -> None:
    content = remittance_pdf(CORA)
    assert re.search(r"^Tagged: +yes$", tool("pdfinfo", content, "-"), re.M)
    structure = tool("pdfinfo", content, "-struct-text", "-")
    order = [
        '"Remittance advice"',
        '"What your bank statement will say"',
        '"Money for your time"',
        '"Money back for your costs"',
        '"Who to ask"',
    ]
    assert [structure.index(words) for words in order] == sorted(structure.index(words) for words in order)
    assert structure.count("\n  H2 (block)") == 6
    assert re.search(r'TH:\s+/Scope /Column\s+"You claimed"', structure)


def test_a_header_repeated_on_paper_is_read_aloud_once() -> None:
    structure = tool("pdfinfo", remittance_pdf(HUNDRED_LINES), "-struct-text", "-")
    assert structure.count('"You claimed"') == 1
    assert "Page 1 of" not in structure


@pytest.mark.parametrize("remittance", [CORA, HUNDRED_LINES])
def test_every_mark_on_a_page_belongs_to_the_structure(remittance: Remittance) -> None:
    content = print_pack([(remittance, Size.STANDARD), (CORA, Size.LARGE)])
    with pikepdf.open(io.BytesIO(content)) as pdf:
        owners = pdf.Root.StructTreeRoot.ParentTree.Nums
        for index, page in enumerate(pdf.pages):
            stream = page.Contents.read_bytes() if "/Contents" in page else b""
            marks = [int(number) for number in re.findall(rb"/MCID (\d+)", stream)]
            assert marks == list(range(len(owners[2 * index + 1])))
            assert stream.count(b"BDC") + stream.count(b"BMC") == stream.count(b"EMC")


def test_text_whose_shapes_no_longer_spell_it_carries_the_text_itself() -> None:
    def said(remittance: Remittance) -> list[bytes]:
        with pikepdf.open(io.BytesIO(remittance_pdf(remittance))) as pdf:
            return re.findall(rb"/ActualText <FEFF([0-9A-F]+)>", pdf.pages[0].Contents.read_bytes())

    assert [bytes.fromhex(text.decode()).decode("utf-16-be") for text in said(ARABIC)] == [ARABIC.payee]
    assert said(CORA) == []


def test_the_same_input_gives_the_same_bytes() -> None:
    assert remittance_pdf(CORA) == remittance_pdf(CORA)
    assert remittance_pdf(CORA) != remittance_pdf(replace(CORA, reference="R-000124"))


def test_the_bytes_do_not_depend_on_whose_page_came_before() -> None:
    program = (
        "import hashlib, sys\n"
        "from dataclasses import replace\n"
        "from tests.payments.formats.test_remittance_file import ARABIC, remittance_pdf\n"
        "names = [*sys.argv[1:], ARABIC.payee]\n"
        "files = [remittance_pdf(replace(ARABIC, payee=name)) for name in names]\n"
        "print(hashlib.sha256(files[-1]).hexdigest())\n"
    )

    def made_after(*names: str) -> str:
        """What a fresh process makes of the same page after those of other people."""
        command = [sys.executable, "-c", program, *names]
        root = Path(__file__).resolve().parents[3]
        return subprocess.run(command, capture_output=True, check=True, cwd=root, text=True).stdout

    assert made_after() == made_after("خديجة القاهرة", "حي النور")


def test_it_says_which_font_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="AtkinsonHyperlegibleNext-Regular.ttf is missing"):
        remittance_pdf(CORA, fonts=tmp_path)
    register_fonts()
