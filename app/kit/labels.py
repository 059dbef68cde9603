"""Printed QR labels. A label is public: it opens a page, and does nothing by itself."""

import segno
from markupsafe import Markup

QUIET = 4  # modules of white around it (ISO/IEC 18004, 6.3.8): without them a phone finds nothing


def qr(address: str) -> Markup:
    """The address as a QR code: one SVG path that scales with its box and prints black on white by day and by night."""
    code = segno.make(address, error="m", micro=False)
    side = code.symbol_size(border=QUIET)[0]
    rows = enumerate(code.matrix, QUIET)
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in rows for x, dark in enumerate(row, QUIET) if dark)
    return SVG.format(side=side, dots=dots)


SVG = Markup(
    '<svg class="qr" viewBox="0 0 {side} {side}" role="presentation" shape-rendering="crispEdges">'
    '<rect class="light" width="{side}" height="{side}"/><path class="dark" d="{dots}"/></svg>'
)
