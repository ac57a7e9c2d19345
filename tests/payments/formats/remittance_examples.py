"""Remittances of a fictional partnership, and readers that look at the finished file from outside."""

import io
import subprocess
from dataclasses import replace
from datetime import date, timedelta

from pypdf import PdfReader

from payments.formats.remittance import Contact, CostLine, CostPart, Remittance, TimeLine, TimePart

DAY = date(2026, 11, 22)
BANK = "Bank transfer to the account ending 34"
LUNCH_REASON = "Lunch is met up to £10.00 on a day of more than five hours."


def time_part(*amounts_minor: int) -> TimePart:
    lines = tuple(TimeLine(DAY, "Service design workshop", "Session", amount) for amount in amounts_minor)
    return TimePart(lines, sum(amounts_minor), BANK, "EXAMPLE COUNCIL FEE 000101")


def cost_part(*lines: CostLine) -> CostPart:
    return CostPart(lines, sum(line.allowed_minor for line in lines), BANK, "EXAMPLE COUNCIL EXP 000101")


def bus(number: int) -> CostLine:
    day = DAY + timedelta(days=number)
    return CostLine(day, f"Bus to meeting {number}", 480 + number, 480 + number, f"C-{number:06d}")


CORA = Remittance(
    payer="Example Council",
    payee="Cora Łukasz",
    reference="R-000123",
    payment_date=DAY,
    promise="The money should reach your account by Wednesday 25 November 2026.",
    time=time_part(7500, 2501),
    costs=cost_part(bus(1), CostLine(DAY, "Lunch", 1250, 1000, "C-000041", LUNCH_REASON)),
    ask=Contact("Priya Shah", "01926 000 111", "priya.shah@example.org"),
    ask_again=Contact("Dafydd Rees", "01926 000 222", "ask.again@example.org"),
    support=Contact("Samira Okafor", "0800 000 333", "support@example.org"),
    what_changed="The waiting room now has a quiet corner.",
)
HUNDRED_LINES = replace(CORA, time=None, costs=cost_part(*(bus(number) for number in range(100))))


def read(content: bytes, *options: str) -> str:
    """The text as pdftotext reads it, laid out as on the page unless `options` say otherwise."""
    return tool("pdftotext", content, *(options or ("-layout",)), "-", "-")


def tool(name: str, content: bytes, *arguments: str) -> str:
    """What one of the poppler tools says about a file given on its standard input."""
    done = subprocess.run([name, *arguments], input=content, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def pages(content: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
