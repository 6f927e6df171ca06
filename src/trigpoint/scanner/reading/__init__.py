"""Messages out of what people really have: exports of apps, backups, tables, posts.

Readers trust nothing: a bad line is refused with its reason, the rest is read, and the totals add up. They read files
and write none; an archive is opened within bounds and never unpacked to disk.
"""

from trigpoint.scanner.reading.forms import TITLES
from trigpoint.scanner.reading.found import OWNER, DateOrder, Export, How, Part, Refused, Sent, Unread
from trigpoint.scanner.reading.plain.json_lines import line_of
from trigpoint.scanner.reading.read import read_export

__all__ = [
    "OWNER",
    "TITLES",
    "DateOrder",
    "Export",
    "How",
    "Part",
    "Refused",
    "Sent",
    "Unread",
    "line_of",
    "read_export",
]
