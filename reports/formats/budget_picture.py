"""A budget position as a picture and as the rows of the table that stands beside it.

The picture is SVG written by hand: pygal's has scripts and style attributes, which a strict content
policy blocks, and its text shrinks with the screen. Here bars are per cent of the width and text has a
fixed size, so that a telephone of 320 pixels shows readable words. Colour never speaks alone: every
state has its own pattern and stands in words as well.
"""

from dataclasses import dataclass
from textwrap import wrap
from xml.etree.ElementTree import Element, SubElement, tostring

from common.money import money_text

INK, QUIET, OVER = "#1a1f24", "#4a565f", "#a3161a"
# Where the plan stands on each bar, and where a bar that exceeds it ends, in hundredths of a per cent.
PLAN_AT, END_AT = 8500, 9850
NAME_LETTERS = 34  # of a category's name on one line at 320 pixels
LINE, BAR, STRIP, AFTER = 21, 26, 8, 30  # pixels: a line of text, a bar, the strip under it, space after

# name, words, ground, and the pattern drawn on it
STATES = (
    ("paid", "Paid", "#124c5e", ""),
    ("in_transit", "In transit", "#4f9db3", "M0 8L8 0M-2 2L2 -2M6 10L10 6"),
    ("owed", "Owed", "#e9a23b", "M4 2V6M2 4H6"),
    ("claimed", "Claimed", "#d8c7e8", "M0 4H8"),
    ("committed", "Committed", "#dfe8ea", "M4 0V8"),
    ("left", "Left", "#ffffff", ""),
)


@dataclass(frozen=True, slots=True)
class CategoryPosition:
    """Where one category stands, in whole minor units. The states do not overlap: each penny is in one."""

    name: str
    plan_minor: int
    paid_minor: int = 0
    in_transit_minor: int = 0
    owed_minor: int = 0
    claimed_minor: int = 0
    committed_minor: int = 0

    @property
    def used_minor(self) -> int:
        """Everything paid, on its way, owed, claimed or committed."""
        return sum(self.states_minor)

    @property
    def left_minor(self) -> int:
        """What is left of the plan; below zero when the plan is exceeded."""
        return self.plan_minor - self.used_minor

    @property
    def states_minor(self) -> tuple[int, int, int, int, int]:
        """The five states in the order in which they are drawn."""
        return (
            self.paid_minor,
            self.in_transit_minor,
            self.owed_minor,
            self.claimed_minor,
            self.committed_minor,
        )


@dataclass(frozen=True, slots=True)
class BudgetPosition:
    """All categories of one budget; `title` says whose budget and as at which day.

    `agreed_as_one` is for readers who see money from the decision on as one figure: it stands in `paid`,
    and the picture calls it agreed.
    """

    title: str
    categories: tuple[CategoryPosition, ...]
    currency: str = "GBP"
    agreed_as_one: bool = False


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A row of the table: amounts as people read them. `agreed` is paid, on its way and owed together;
    `over` says that the plan is exceeded."""

    name: str
    plan: str
    paid: str
    in_transit: str
    owed: str
    claimed: str
    committed: str
    agreed: str
    left: str
    over: bool


def budget_rows(position: BudgetPosition) -> tuple[BudgetRow, ...]:
    """The numbers of the picture, category by category, and their total as the last row."""
    categories = (*position.categories, _total(position.categories))
    return tuple(_row(category, position.currency) for category in categories)


def budget_svg(position: BudgetPosition) -> bytes:
    """The picture, for an `<img>` as wide as its column; the same position gives the same bytes."""
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "width": "100%", "role": "img"})
    svg.set("aria-labelledby", "title desc")
    svg.set("font-family", "Verdana, DejaVu Sans, sans-serif")
    svg.set("font-size", "13")
    svg.set("fill", INK)
    SubElement(svg, "title", id="title").text = _printable(position.title)
    rows = budget_rows(position)[:-1]
    SubElement(svg, "desc", id="desc").text = " ".join(
        f"{_printable(row.name)}: {_sentence(category, position.currency)}."
        for row, category in zip(rows, position.categories, strict=True)
    )
    _patterns(svg)
    ground = SubElement(svg, "rect", width="100%", height="100%", fill="#ffffff")
    y = _legend(svg, agreed_as_one=position.agreed_as_one)
    for category in position.categories:
        y = _category(svg, category, position.currency, y)
    svg.set("height", str(y))
    ground.set("height", str(y))
    picture: bytes = tostring(svg, encoding="utf-8", xml_declaration=True)
    return picture


def _total(categories: tuple[CategoryPosition, ...]) -> CategoryPosition:
    plan = sum(category.plan_minor for category in categories)
    states = [sum(amounts) for amounts in zip(*(each.states_minor for each in categories), strict=True)]
    return CategoryPosition("Total", plan, *states)


def _row(category: CategoryPosition, currency: str) -> BudgetRow:
    paid, in_transit, owed, claimed, committed = (
        money_text(minor, currency) for minor in category.states_minor
    )
    return BudgetRow(
        name=category.name,
        plan=money_text(category.plan_minor, currency),
        paid=paid,
        in_transit=in_transit,
        owed=owed,
        claimed=claimed,
        committed=committed,
        agreed=money_text(sum(category.states_minor[:3]), currency),
        left=money_text(category.left_minor, currency),
        over=category.left_minor < 0,
    )


def _sentence(category: CategoryPosition, currency: str) -> str:
    plan = money_text(category.plan_minor, currency)
    if not category.plan_minor:
        return f"{money_text(category.used_minor, currency)} used, nothing planned"
    if category.left_minor < 0:
        return f"Over the plan of {plan} by {money_text(-category.left_minor, currency)}"
    return f"{money_text(category.left_minor, currency)} left of {plan}"


def _patterns(svg: Element) -> None:
    definitions = SubElement(svg, "defs")
    for name, _, ground, path in (*STATES, ("over", "", "#ffffff", "M0 0L8 8M-2 6L2 10M6 -2L10 2")):
        pattern = SubElement(
            definitions, "pattern", id=name, width="8", height="8", patternUnits="userSpaceOnUse"
        )
        SubElement(pattern, "rect", width="8", height="8", fill=ground)
        if path:
            colour, thick = (OVER, "2.5") if name == "over" else (INK, "1.2")
            SubElement(pattern, "path", {"d": path, "stroke": colour, "stroke-width": thick, "fill": "none"})


def _legend(svg: Element, *, agreed_as_one: bool) -> int:
    """What each pattern means, two to a line; returns the height where the first category begins."""
    states = [(name, words) for name, words, _, _ in STATES]
    if agreed_as_one:
        states = [("paid", "Agreed"), *states[3:]]
    marks = [*states, ("plan", "Plan"), ("over", "Over the plan")]
    for index, (name, words) in enumerate(marks):
        x, y = "0" if index % 2 == 0 else "50%", index // 2 * 24 + 4
        box = SubElement(svg, "svg", x=x, y=str(y), width="50%", height="24")
        if name == "plan":
            SubElement(box, "rect", x="12", y="0", width="3", height="18", fill=INK)
        else:
            _bar(box, name, "1", 1, "26", 16)
        SubElement(box, "text", x="36", y="14").text = words
    return (len(marks) + 1) // 2 * 24 + 28


def _category(svg: Element, category: CategoryPosition, currency: str, y: int) -> int:
    """One category from `y` down; returns where the next begins."""
    for line in wrap(_printable(category.name), NAME_LETTERS) or [""]:
        SubElement(svg, "text", {"x": "0", "y": str(y + 14), "font-weight": "bold"}).text = line
        y += LINE
    over = category.left_minor < 0
    words = SubElement(svg, "text", {"x": "0", "y": str(y + 12), "fill": OVER if over else QUIET})
    words.text = _sentence(category, currency)
    if over:
        words.set("font-weight", "bold")
    _states(SubElement(svg, "g", transform="translate(1 0)"), category, y + LINE)
    return y + LINE + BAR + STRIP + AFTER


def _states(svg: Element, category: CategoryPosition, y: int) -> None:
    """The bar, one state after the other; what exceeds the plan is underlined by a hatched strip."""
    scale = max(category.plan_minor, -(-category.used_minor * PLAN_AT // END_AT), 1)
    edge = used = 0
    for (name, *_), minor in zip(STATES, (*category.states_minor, max(category.left_minor, 0)), strict=True):
        used += max(minor, 0)
        end = min(_share(used, scale), END_AT)
        if end > edge:
            _bar(svg, name, _percent(edge), y, _percent(end - edge), BAR)
        edge = end
    plan = _share(max(category.plan_minor, 0), scale)
    if category.left_minor < 0 and edge > plan:
        _bar(svg, "over", _percent(plan), y + BAR + 1, _percent(edge - plan), STRIP, OVER)
    mark = SubElement(svg, "svg", x=_percent(plan), y=str(y - 3), overflow="visible")
    SubElement(mark, "rect", x="-1.5", y="0", width="3", height=str(BAR + STRIP + 7), fill=INK)


def _bar(svg: Element, name: str, x: str, y: int, width: str, height: int, edge: str = INK) -> None:
    place = {"x": x, "y": str(y), "width": width, "height": str(height)}
    SubElement(svg, "rect", {**place, "fill": f"url(#{name})", "stroke": edge, "stroke-width": "1"})


def _share(minor: int, scale: int) -> int:
    """Hundredths of a per cent of the width, in whole numbers."""
    return minor * PLAN_AT // scale


def _percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _printable(text: str) -> str:
    """Without control characters, which XML cannot hold."""
    return "".join(mark if mark.isprintable() else " " for mark in text)
