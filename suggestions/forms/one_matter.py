"""一事一议: does a text look as if it raised several matters? A hint to the writer, never a refusal."""

from __future__ import annotations

import re
from itertools import combinations

from suggestions.selectors.wording import subject_of

#: 一、 (二) 3. 4、 第五， at the start of a line.
_ITEM = re.compile(
    r"^[ \t　]*(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,2}[、.．)）](?!\d)|第[一二三四五六七八九十]{1,3}[,，、件])[ \t　]*(.+)$",
    re.MULTILINE,
)
_TITLE_OF_SEVERAL = re.compile(r"(几|多|两|三|四|五|若干)(个|件|项|点)?(问题|事项|方面|建议)|[几两三四五]件事")
_HAN = re.compile(r"[一-鿿]+")


def one_matter_warning(*, title: str, situation: str, proposal: str) -> str:
    """A warning when the text numbers two or more items that have no word in common, with each other or the title.

    Args:
        title, situation, proposal: as typed.

    Returns:
        The warning, or "" when the text looks like one matter. Measures for one matter usually share
        words with its title, so a numbered proposal alone raises no warning.
    """
    if _TITLE_OF_SEVERAL.search(title):
        return "标题像是包含几件事。代表建议一事一议，请每件事单独写一份，便于交给合适的单位办理。"
    about = _bigrams(title)
    for text in (situation, proposal):
        heads = [_bigrams(match.group(1)[:40]) for match in _ITEM.finditer(text)]
        strangers = [head for head in heads if head and not head & about]
        if any(not first & second for first, second in combinations(strangers, 2)):
            return (
                "内容里分条写了看起来互不相关的几件事。代表建议一事一议，"
                "如果确实是几件事，请拆成几份分别提交；如果是同一件事，可以继续提交。"
            )
    return ""


def _bigrams(text: str) -> set[str]:
    runs = _HAN.findall(subject_of(text))
    return {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
