"""Write what the demonstration produced beside its database, for people who would rather look."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.core.mail import get_connection

from demo.cast import HOME
from demo.clock import at
from payments.formats.print_pack import print_pack
from payments.models import PaymentRun, Remittance
from payments.remittances import remittance_pdf, remittances, size_for
from payments.services.runs import file_bytes, file_name
from payments.workflow import Method
from people.models import Organisation, Person, Project
from people.services.delivering import send_waiting
from reports.formats.budget_picture import budget_svg
from reports.journal import journal_text
from reports.project_pages import finance_position
from reports.workbook import Span, finance_workbook

SPAN = Span(date(2026, 9, 1), date(2026, 11, 30))


def send_messages(folder: Path) -> int:
    """Send what waits to people into files, so that no task prints it later; returns how many."""
    shutil.rmtree(folder / "e-mails", ignore_errors=True)
    files = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(folder / "e-mails")
    )
    with at("2026-11-20 16:30"):
        return send_waiting(through=files).sent


def write(folder: Path) -> list[str]:
    """Write every file into a folder; returns their names."""
    home = Organisation.objects.get(code=HOME)
    parts: list[Callable[[], dict[str, bytes]]] = [
        _run_files,
        _remittances,
        lambda: {"finance-workbook.xlsx": finance_workbook(home, SPAN)},
        lambda: {"journal.hledger": "".join(journal_text(home)).encode()},
        _pictures,
    ]
    files = {name: content for part in parts for name, content in part().items()}
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return list(files)


def _run_files() -> dict[str, bytes]:
    """What goes to the bank, and the lists for whoever hands over or pays somebody else."""
    return {f"{_folder(run)}/{file_name(run)}": file_bytes(run) for run in PaymentRun.objects.order_by("pk")}


def _folder(run: PaymentRun) -> str:
    return "bank" if run.method == Method.BANK else "lists"


def _remittances() -> dict[str, bytes]:
    """One file per person and run, and one pack a run for the printer."""
    rows = Remittance.objects.select_related("run__organisation", "person").order_by("pk")
    files = {f"remittances/{row.number}.pdf": remittance_pdf(row.run, row.person) for row in rows}
    packs: dict[PaymentRun, list[Person]] = {}
    for row in rows:
        packs.setdefault(row.run, []).append(row.person)
    for run, people in packs.items():
        letters = zip(remittances(run, people), map(size_for, people), strict=True)
        files[f"remittances/print-pack-run-{run.number}.pdf"] = print_pack(list(letters))
    return files


def _pictures() -> dict[str, bytes]:
    return {
        f"budget-{project.code}.svg": budget_svg(finance_position(project))
        for project in Project.objects.order_by("code")
    }
