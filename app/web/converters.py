"""URL converters."""

from werkzeug.routing import IntegerConverter


class IdConverter(IntegerConverter):
    """An id in a URL: ASCII digits, no leading zero, within 64 bits; everything else is no such page."""

    regex = r"[1-9][0-9]{0,17}"
