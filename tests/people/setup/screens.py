"""Fill in a form as somebody at the screen would: what stands in it stays, but for what is typed."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Filled(HTMLParser):
    """What a form would send as it stands: inputs, chosen answers, and text areas."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "textarea":
            self._area = about["name"]
            self.values[self._area] = [""]
        elif tag == "input" and about.get("type") in ("text", "hidden"):
            self.values[about["name"]] = [about.get("value", "")]
        elif tag == "input" and "checked" in about:
            self.values.setdefault(about["name"], []).append(about["value"])

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""


def filled(page: bytes) -> dict[str, Any]:
    """What the form of a page would send."""
    read = _Filled()
    read.feed(page.decode())
    return dict(read.values)


def send(client: Client, path: str, **typed: Any) -> Any:
    """Open the form at an address, type, and send it. `day__month` stands for the name day-month."""
    asked = filled(client.get(path).content)
    asked |= {name.replace("__", "-"): value for name, value in typed.items()}
    asked.pop("q", None)
    return client.post(path, asked)


def day(name: str, day: int, month: int, year: int) -> dict[str, str]:
    """The three inputs of a day."""
    return {f"{name}__day": str(day), f"{name}__month": str(month), f"{name}__year": str(year)}
