"""Reads a PDF on standard input as pypdf does, and tells what it says as JSON."""

import io
import json
import sys

from pypdf import PdfReader

reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=True)
root = reader.trailer["/Root"]


def count(element, kinds):
    """How often each kind of element stands in the tree of meanings."""
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        for one in element:
            count(one, kinds)
    elif isinstance(element, dict):
        kind = element.get("/S")
        if kind is not None:
            kinds[kind] = kinds.get(kind, 0) + 1
        if "/K" in element:
            count(element["/K"], kinds)
    return kinds


xmp = reader.xmp_metadata
print(
    json.dumps(
        {
            "pages": [page.extract_text() for page in reader.pages],
            "language": root.get("/Lang"),
            "marked": bool(root["/MarkInfo"]["/Marked"]),
            "title": reader.metadata.title,
            "xmp": xmp.stream.get_data().decode("utf-8"),
            "kinds": count(root["/StructTreeRoot"], {}),
            "embedded": sorted(
                {
                    str(font.get_object()["/BaseFont"]).split("+")[-1]
                    for page in reader.pages
                    for font in page["/Resources"]["/Font"].values()
                }
            ),
        }
    )
)
