"""Excel workbooks that tie out: typed columns, totals as formulas, and a first sheet that checks them."""

from common.workbook.model import Check, Column, Kind, Sheet, Total, WorkbookError
from common.workbook.writer import save_workbook, write_workbook

__all__ = ["Check", "Column", "Kind", "Sheet", "Total", "WorkbookError", "save_workbook", "write_workbook"]
