"""The finance workbook: what each sheet holds, and the checks that tie them to the books."""

from reports.workbook.assembly import finance_workbook, save_finance_workbook
from reports.workbook.span import Span

__all__ = ["Span", "finance_workbook", "save_finance_workbook"]
