"""Write and check texts and figures, and keep what was shown to whom."""

from guidance.services.figures import check_figure, enter_figure
from guidance.services.showing import shown
from guidance.services.texts import check_text, propose_text, set_review

__all__ = ["check_figure", "check_text", "enter_figure", "propose_text", "set_review", "shown"]
