"""The structure behind a page, which a screen reader follows: what is a heading, a table, a header cell."""

from __future__ import annotations

from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, String


@dataclass(eq=False)
class Tag:
    """One element of the structure. `children` holds elements and, as (page, number), the marks on paper.

    `kind` is a standard structure type of PDF 1.7 (P, H1, Table, TH ...); `scope` is Row or Column for
    a header cell; `span` is the number of columns a cell covers.
    """

    kind: str
    scope: str = ""
    span: int = 1
    children: list[Tag | tuple[int, int]] = field(default_factory=list)

    def add(self, kind: str, *, scope: str = "", span: int = 1) -> Tag:
        """Add an element after those already inside."""
        child = Tag(kind, scope, span)
        self.children.append(child)
        return child


def write_structure(pdf: pikepdf.Pdf, root: Tag) -> None:
    """Write the structure tree of `root` into a document whose pages carry the marks it names."""
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    marks: list[dict[int, pikepdf.Object]] = [{} for _ in pdf.pages]
    pages = [page.obj for page in pdf.pages]
    tree.K = Array([_element(pdf, root, tree, pages, marks)])
    numbers = Array()
    for index, owners in enumerate(marks):
        pages[index].StructParents = index
        pages[index].Tabs = Name.S
        numbers.append(index)
        numbers.append(pdf.make_indirect(Array([owners[number] for number in sorted(owners)])))
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    tree.ParentTreeNextKey = len(pages)
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _element(
    pdf: pikepdf.Pdf,
    tag: Tag,
    parent: pikepdf.Object,
    pages: list[pikepdf.Dictionary],
    marks: list[dict[int, pikepdf.Object]],
) -> pikepdf.Object:
    element = pdf.make_indirect(Dictionary(S=Name(f"/{tag.kind}"), P=parent))
    first = next((child[0] for child in tag.children if not isinstance(child, Tag)), None)
    if first is not None:
        element.Pg = pages[first]
    inside = Array()
    for child in tag.children:
        if isinstance(child, Tag):
            inside.append(_element(pdf, child, element, pages, marks))
            continue
        page, number = child
        marks[page][number] = element
        inside.append(number if page == first else Dictionary(Type=Name.MCR, Pg=pages[page], MCID=number))
    element.K = inside
    if tag.scope or tag.span > 1:
        element.A = _table_attributes(tag)
    return element


def _table_attributes(tag: Tag) -> Dictionary:
    attributes = Dictionary(O=Name.Table)
    if tag.scope:
        attributes.Scope = Name(f"/{tag.scope}")
    if tag.span > 1:
        attributes.ColSpan = tag.span
    return attributes


def spoken(text: str) -> str:
    """Text as a PDF string literal in hexadecimal, for what is to be read aloud and copied."""
    return String(text).unparse().decode("ascii") if text.isascii() else f"<{_utf16(text)}>"


def _utf16(text: str) -> str:
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex().upper()
