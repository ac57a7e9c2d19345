"""What stands on a paper, for tests to look at."""

import io

from pypdf import PdfReader

from payments.formats.own_paper import Paper, Part


def part(paper: Paper, heading: str) -> Part | None:
    """The part under this heading, if there is one."""
    return next((each for each in paper.parts if each.heading == heading), None)


def rows(paper: Paper, heading: str) -> tuple[tuple[str, ...], ...]:
    """The rows of the table under a heading."""
    found = part(paper, heading)
    return found.columns.rows if found and found.columns else ()


def total(paper: Paper, heading: str) -> str:
    """What a table adds up to; empty where nothing is added up."""
    found = part(paper, heading)
    return found.columns.total[1] if found and found.columns and found.columns.total else ""


def pdf_text(content: bytes) -> str:
    """All the words of a PDF."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
