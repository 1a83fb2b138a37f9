"""What a text is about: the words that set it apart from any other suggestion."""

from __future__ import annotations

import re

#: Words that any two suggestions share.
_STOCK = re.compile(
    "关于|建议|加强|推进|推动|进一步|提高|提升|完善|解决|问题|工作|管理|建设|改造|力度|部门|有关|相关|落实|制定|加大|加快|"
    "支持|优化|改善|增加|开展|建立|健全|设立|规范|我市|我县|我区|全市|全县|全区|尽快|予以|希望|情况|群众|市民|居民|村民|的|在|和|与|对"
)


def subject_of(text: str) -> str:
    """The text without stock words, a space in place of each."""
    return _STOCK.sub(" ", text)
