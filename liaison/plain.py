"""What people type, without what nobody sees: control characters, and marks that turn the direction of a line.

They break Word files and the database's text, and let a line read otherwise than it is kept.
"""

from __future__ import annotations

import re

#: Controls but tab and line break; zero width space, byte order mark; bidirectional embeddings, overrides, isolates.
#: The joiner of emoji stays.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain_text(text: str) -> str:
    """The text without unseen characters and without blanks around it; lines end in one way."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
