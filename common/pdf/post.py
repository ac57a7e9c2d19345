"""What every letter shares: an address that shows in the window, feet, and packs for the printer."""

from collections.abc import Callable, Sequence

from common.pdf.flow import Flow, Page, Words
from common.pdf.look import A4_HEIGHT, A4_WIDTH, Style
from common.pdf.paint import paint
from common.pdf.tags import Tag
from common.pdf.text import drawn

# The window of a DL envelope on A4 folded in three, in points from the top edge: the address keeps to it.
WINDOW_TOP, WINDOW_BOTTOM, WINDOW_WIDTH = 150.0, 262.0, 230.0


def address(flow: Flow, lines: Sequence[str]) -> None:
    """The address is for the post, so it keeps to the window whatever the size of print asked for."""
    style = Style(min(flow.look.text.size, 14.0), 17.0)
    flow.y = min(flow.y, A4_HEIGHT - WINDOW_TOP)
    tag = flow.tag.add("P")
    for line in (part for whole in lines for part in flow.lines(whole, style, WINDOW_WIDTH)):
        flow.put(flow.look.margin, f"{line} ", style, tag)
        flow.y -= style.leading
    flow.y = min(flow.y, A4_HEIGHT - WINDOW_BOTTOM)


def feet(flow: Flow, title: str) -> None:
    """The foot of each page: whose page it is and how many there are. Not read aloud."""
    look = flow.look
    for number, page in enumerate(flow.pages, start=1):
        count = f"Page {number} of {len(flow.pages)}"
        x = A4_WIDTH - look.margin - drawn(count, look.quiet.bold).width * look.quiet.size
        page.append(Words(look.margin, look.margin * 0.75, title, look.quiet, None))
        page.append(Words(x, look.margin * 0.75, count, look.quiet, None))


def bound(letters: Sequence[Callable[[Tag], list[Page]]], *, title: str, author: str) -> bytes:
    """Letters of many people in one file, in the order given. Fonts must be registered.

    Each is given the element of the structure to fill. Each starts on an odd page, so that a printer that
    prints both sides never puts the end of one person's letter on the back of another's. Raises ValueError
    without any letter.
    """
    if not letters:
        raise ValueError("A print pack needs at least one letter.")
    root = Tag("Document")
    pages: list[Page] = []
    for letter in letters:
        if len(pages) % 2:
            pages.append([])
        pages.extend(letter(root.add("Part")))
    return paint(pages, root, title=title, author=author)
