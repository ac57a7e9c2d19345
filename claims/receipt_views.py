"""The page of a receipt: the file itself, and nothing that it could do."""

from django.http import HttpRequest, HttpResponse

from claims.queries.receipts import receipt_for
from claims.services.receipts import open_receipt
from people.standing import person_of

# Even a file that fooled everything before it runs no script, loads nothing and reaches no page of ours.
ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"


def receipt(request: HttpRequest, handle: str) -> HttpResponse:
    """One receipt: pictures in the browser, PDFs as a download. That somebody opened it is recorded."""
    person = person_of(request)
    if request.method == "HEAD":
        receipt_for(person, handle)
        return HttpResponse(status=200)
    content, content_type = open_receipt(actor=person, handle=handle)
    shown = "inline" if content_type.startswith("image/") else "attachment"
    ending = content_type.rpartition("/")[2]
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'{shown}; filename="{handle}.{ending}"',
            "Content-Security-Policy": ALONE,
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
