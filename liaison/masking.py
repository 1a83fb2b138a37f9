"""Covering what tells who somebody is: identity, phone and bank numbers inside texts (个人信息保护). Pure functions.

A text is covered where it is shown, never where it is kept. Covered a little too much is better than too little:
any twelve digits in a row are.
"""

from __future__ import annotations

import re

STAR = "＊"
#: Full-width digits and letters stand for their plain ones, so that nobody hides a number by the keyboard's mode.
_PLAIN = str.maketrans("０１２３４５６７８９ｘＸ", "0123456789xX")
_GAP = r"[ \t\u00a0\u3000\u200b\-－—–_.·]{0,3}"
#: Digits with at most small gaps between them; a closing X belongs to an identity number.
_RUN = re.compile(rf"(?<![0-9])[0-9](?:{_GAP}[0-9])+(?:{_GAP}[xX](?![A-Za-z]))?")
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_AREA_CODE = re.compile(r"(?:86)?0[1-9]\d{8,10}")
#: A local number stands in one piece, or split once; years and what is counted are none.
_LOCAL = re.compile(r"(?!19|20)[2-8]\d{2,3}[ \-－]?\d{4}")
_COUNTED = re.compile(r"\s*(?:元|万|亿|块|人|户|米|平|方|吨|公|斤|亩|年|月|度|千)")
#: A number spelled out, as somebody does who knows that digits are covered.
_SPELLED = re.compile(r"[〇零一二三四五六七八九幺](?:[ 、,，]?[〇零一二三四五六七八九幺]){10,}")
_ID_DIGITS = 17
_LONG = 12
_KEPT = (3, 2)


def mask_text(text: str) -> str:
    """The text with every identity, phone and bank number covered but for its first three and last two digits."""
    plain = text.translate(_PLAIN)
    signs = list(text)
    for found in _RUN.finditer(plain):
        if _tells(found.group(), plain[found.end() :]):
            _cover(signs, plain, *found.span(), "0123456789xX")
    for found in _SPELLED.finditer(plain):
        _cover(signs, plain, *found.span(), "〇零一二三四五六七八九幺")
    return "".join(signs)


def _tells(run: str, after: str) -> bool:
    digits = re.sub(r"[^0-9]", "", run)
    if len(digits) >= _LONG or (run[-1] in "xX" and len(digits) == _ID_DIGITS):
        return True
    if _MOBILE.fullmatch(digits) or _AREA_CODE.fullmatch(digits):
        return True
    return _LOCAL.fullmatch(run) is not None and not _COUNTED.match(after)


def _cover(signs: list[str], plain: str, start: int, end: int, alphabet: str) -> None:
    places = [place for place in range(start, end) if plain[place] in alphabet]
    first, last = _KEPT
    for place in places[first:-last]:
        signs[place] = STAR


def mask_phone(phone: str) -> str:
    """138＊＊＊＊＊＊34; "" for none."""
    places = [place for place, sign in enumerate(phone) if sign.isdigit()]
    signs = list(phone)
    for place in places[3:-2]:
        signs[place] = STAR
    return "".join(signs)


def mask_name(name: str) -> str:
    """张＊＊: the family name only."""
    return name[:1] + STAR * (len(name) - 1)
