"""The words of the pages of guidance as people read them, and how old a reader has to be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import textstat

OLDEST = 10.0  # years; nine to ten is what a page for contributors may ask
SCHOOL = 5  # the age at which the first grade of the formula begins
# Names of laws, benefits and sources: nobody can shorten them, so they are counted as one short word.
NAMES = (
    "Universal Credit Regulations 2013, regulation 55",
    "Universal Credit Regulations 2013, regulation 60",
    "Universal Credit",
    "Carer's Allowance",
    "Health and Care Research Wales",
    "Citizens Advice",
    "NHS England",
    "Doncaster Council",
    "Scottish Government",
    "uc-advice.co.uk",
    "Riverside Council",
    "Listening line, 0113 496 0001",
)
# Not words of ours: names of sources and figures, which stand in tables and closed lists beside the words.
_ASIDE = re.compile(
    r"<(table|script|style)\b.*?</\1>|<details\b(?:(?!</details>).)*?Where this is from.*?</details>",
    re.DOTALL,
)
_MAIN = re.compile(r"<main\b[^>]*>(.*?)</main>", re.DOTALL)
_END = re.compile(r"</(?:p|li|h[1-6]|dt|dd|summary|div|label|legend|button|a)>")
# Numbers of records, as in R000017, depend on what was made before them.
_HANDLE = re.compile(r"\b([A-Z]{1,4} ?)[0-9]{6,11}\b")
_HIDDEN = re.compile(r'<span class="govuk-visually-hidden">.*?</span>', re.DOTALL)


@dataclass(frozen=True)
class Wording:
    """One page: what it is, its sentences and pieces, and the reading age in years."""

    title: str
    pieces: tuple[str, ...]

    @property
    def age(self) -> float:
        """Headings and items of lists of up to three words are no sentences, and would flatter the page."""
        return round(grade(" ".join(each for each in self.pieces if len(each.split()) > 3)) + SCHOOL, 1)

    @property
    def hard(self) -> list[str]:
        """Sentences of six words and more that ask for somebody older, names left out."""
        sentences = [each for piece in self.pieces for each in re.split(r"(?<=[.?!])\s+", piece)]
        return [each for each in sentences if len(each.split()) > 5 and grade(each) + SCHOOL > OLDEST]


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text, names of laws and sources left out."""
    for name in NAMES:
        text = text.replace(name, "it")
    return float(textstat.flesch_kincaid_grade(text))


def pieces_of(page: str) -> tuple[str, ...]:
    """What stands in the main part of a page, a piece for each block, each with an end."""
    found = _MAIN.search(page)
    body = _HIDDEN.sub("", _ASIDE.sub("", found[1] if found else page))
    body = _HANDLE.sub(r"\g<1>000000", body)
    blocks = re.sub(r"<[^>]+>", " ", _END.sub("\n", body)).splitlines()
    return tuple(_ended(" ".join(unescape(block).split())) for block in blocks if block.strip())


def _ended(piece: str) -> str:
    return piece if piece[-1] in ".?!:”" else f"{piece}."


def listed(pages: list[Wording]) -> Iterator[str]:
    """docs/wording.md, line by line."""
    yield "# Wording"
    yield ""
    yield "Every page on which people choose how they are paid, or read of their money or of guidance, the"
    yield "pages on which finance pays by hand, and every text of the reference register, with its words and"
    yield "the age at which one can read it: Flesch-Kincaid grade plus"
    yield "five, by textstat. Names of laws, benefits and sources are left out"
    yield "([0025](decisions/0025-reading-age.md)), and so are items of up to three words. No page may ask"
    yield "for more than ten years."
    yield ""
    yield "`WRITE_WORDING=1 .venv/bin/python -m pytest tests/docs/test_wording.py` writes this page."
    yield ""
    yield "| page | reading age | sentences that are harder alone |"
    yield "|---|---|---|"
    for page in pages:
        yield f"| {page.title} | {page.age:.1f} | {len(page.hard)} |"
    for page in pages:
        yield ""
        yield f"## {page.title}"
        yield ""
        yield from (f"- {piece}{' *(harder alone)*' if piece in page.hard else ''}" for piece in page.pieces)
