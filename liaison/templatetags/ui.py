"""Template tags of the portal's components. A template built-in: no ``{% load %}`` is needed.

Wording and shapes of lights, Chinese dates, numbers with their unit; each component's markup
stands in ``templates/liaison/partials/``.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.forms import BaseForm, PasswordInput
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from liaison.numbers import quantity_text

register = template.Library()

WEEKDAYS = "一二三四五六日"
#: Light code → word. Shape and colour are in ``light.html`` and ``components.css``.
LIGHT_LABELS = {
    "green": "正常",
    "amber": "临期",
    "red": "紧急",
    "overdue": "超期",
    "paused": "暂停",
    "met": "已完成",
}
TONES = frozenset({"grey", "blue", "green", "amber", "red", "accent"})
FILE_ICONS = {
    "pdf": "file-type-pdf",
    "doc": "file-type-doc",
    "docx": "file-type-doc",
    "wps": "file-type-doc",
    "xls": "file-spreadsheet",
    "xlsx": "file-spreadsheet",
    "et": "file-spreadsheet",
    "zip": "file-zip",
    "jpg": "photo",
    "jpeg": "photo",
    "png": "photo",
    "webp": "photo",
    "heic": "photo",
}


# ── vendored files and icons ─────────────────────────────────────────────────────────────────────
@lru_cache
def vendor_path(package: str) -> str:
    """Path under ``static/`` of a vendored package's one file; its version is only in the folder name.

    Raises:
        LookupError: nothing, or more than one version, is vendored under that name.
    """
    vendor = Path(settings.BASE_DIR) / "static" / "vendor"
    found = sorted(path for path in vendor.glob(f"{package}-[0-9]*/*") if path.is_file())
    if len(found) != 1:
        raise LookupError(f"expected one vendored file of {package}, found {len(found)}")
    return f"vendor/{found[0].parent.name}/{found[0].name}"


@lru_cache
def icon_names() -> frozenset[str]:
    """Names in the sprite, as listed in ``static/vendor/icons.txt``."""
    listing = Path(settings.BASE_DIR) / "static" / "vendor" / "icons.txt"
    lines = (line.split("#")[0].strip() for line in listing.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line)


@register.simple_tag
def vendor(package: str) -> str:
    """Address of a vendored file: ``{% vendor "htmx" %}``."""
    return static(vendor_path(package))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon from the sprite; hidden from screen readers unless it has a label of its own.

    Raises:
        LookupError: the icon is not listed in ``static/vendor/icons.txt``.
    """
    return _drawn(name, label)


@lru_cache(maxsize=512)
def _drawn(name: str, label: str) -> SafeString:
    if name not in icon_names():
        raise LookupError(f"icon {name!r} is not in static/vendor/icons.txt")
    href = f"{static(vendor_path('tabler-icons'))}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', href)


# ── dates and times (Asia/Shanghai) ──────────────────────────────────────────────────────────────
def _as_date(value: object) -> dt.date | None:
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value) if len(value) > 10 else dt.date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, dt.date) else None


@register.filter(is_safe=False)
def cn_date(value: object, style: str = "full") -> str:
    """2026年11月21日(周六).

    Args:
        value: a date, a datetime, or either in ISO form (as kept in JSON); anything else gives "".
        style: ``full``; ``plain`` leaves the weekday out; ``day`` leaves the year out.
    """
    day = _as_date(value)
    if day is None:
        return ""
    text = f"{day.month}月{day.day}日"
    if style != "day":
        text = f"{day.year}年{text}"
    return text if style == "plain" else f"{text}(周{WEEKDAYS[day.weekday()]})"


@register.filter(is_safe=False)
def cn_datetime(value: object) -> str:
    """2026年11月21日(周六) 14:32; empty for anything but a datetime (or one in ISO form)."""
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return ""
    if not isinstance(value, dt.datetime):
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{cn_date(local)} {local:%H:%M}"


@register.filter(is_safe=False)
def cn_time(value: object) -> str:
    """14:32."""
    if not isinstance(value, dt.datetime):
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%H:%M}"


@register.filter(is_safe=False)
def iso(value: object) -> str:
    """Machine-readable form for ``<time datetime>``."""
    if isinstance(value, dt.datetime):
        return (
            timezone.localtime(value).isoformat(timespec="minutes") if timezone.is_aware(value) else value.isoformat()
        )
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────
def percent_text(numerator: int, denominator: int) -> str:
    """``73.7%（1127/1529）``: never a rate without what it is made of."""
    if not denominator:
        return f"暂无（{numerator}/{denominator}）"
    rate = (Decimal(numerator) * 100 / Decimal(denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rate}%（{numerator}/{denominator}）"


@register.simple_tag
def percent(numerator: int | None, denominator: int | None) -> str:
    """A rate with numerator and denominator; 暂无 when nothing was counted."""
    return percent_text(int(numerator or 0), int(denominator or 0))


@register.filter(is_safe=False)
def quantity(value: object) -> str:
    """A quantity of the duty ledger without idle zeros: 15, 1.5."""
    return quantity_text(value)


@register.filter(is_safe=False)
def forgets(form: BaseForm) -> bool:
    """Whether a form asks for a password: what was typed there is not sent back."""
    return any(isinstance(field.field.widget, PasswordInput) for field in form)


@register.filter(is_safe=False)
def money(value: object) -> str:
    """An amount in yuan as 亿元 or 万元 with at most two decimals: 13862000000 → 138.62亿元."""
    if value in (None, ""):
        return ""
    amount = Decimal(str(value))
    for unit, size in (("亿元", 100_000_000), ("万元", 10_000)):
        if abs(amount) >= size:
            return f"{_short(amount / size)}{unit}"
    return f"{_short(amount)}元"


@register.filter(is_safe=False)
def file_size(value: object) -> str:
    """Bytes as KB or MB: 2411724 → 2.3 MB."""
    size = Decimal(str(value or 0))
    if size < 1024:
        return f"{size} 字节"
    if size < 1024 * 1024:
        return f"{_short(size / 1024, '0.1')} KB"
    return f"{_short(size / (1024 * 1024), '0.1')} MB"


def _short(value: Decimal, step: str = "0.01") -> str:
    return f"{value.quantize(Decimal(step), ROUND_HALF_UP):f}".rstrip("0").rstrip(".")


@register.filter(is_safe=False)
def mask_phone(value: object) -> str:
    """138****1234 (个人信息保护: lists never show a whole number); shorter numbers keep their last two digits."""
    text = str(value or "").strip()
    if len(text) >= 11:
        return f"{text[:3]}****{text[-4:]}"
    return f"****{text[-2:]}" if len(text) > 4 else ("****" if text else "")


@register.filter(is_safe=False)
def bubble_count(value: object) -> str:
    """A count for a small bubble: 99+ above 99."""
    number = int(str(value or 0))
    return "99+" if number > 99 else str(number)


@register.filter(is_safe=False)
def file_icon(name: object) -> str:
    """The icon for a file name."""
    return FILE_ICONS.get(str(name or "").rpartition(".")[2].lower(), "file")


#: Part of a user agent string → what people call it; the first that fits counts.
SYSTEMS = (
    ("HarmonyOS", "鸿蒙设备"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ浏览器"),
    ("Edg", "Edge 浏览器"),
    ("Firefox", "Firefox 浏览器"),
    ("Chrome", "Chrome 浏览器"),
    ("Safari", "Safari 浏览器"),
)


@register.filter(is_safe=False)
def browser_name(user_agent: object) -> str:
    """A user agent string in words: Windows 电脑，Chrome 浏览器."""
    text = str(user_agent or "")
    found = [next((words for part, words in table if part in text), "") for table in (SYSTEMS, BROWSERS)]
    return "，".join(words for words in found if words) or "未知设备"


# ── components ───────────────────────────────────────────────────────────────────────────────────
@register.inclusion_tag("liaison/partials/light.html")
def light(value: object, text: str = "") -> dict[str, str]:
    """A due light: word, shape and colour.

    Args:
        value: an object with ``code``, ``label`` and ``days_left_text``, or just the code.
        text: what to say after the word, when the object has no text of its own.
    """
    if value in (None, ""):
        return {"code": ""}
    code = value if isinstance(value, str) else str(getattr(value, "code", ""))
    label = getattr(value, "label", "") if not isinstance(value, str) else ""
    text = text or getattr(value, "days_left_text", "")
    return {"code": code, "label": str(label or LIGHT_LABELS[code]), "text": str(text)}


@register.inclusion_tag("liaison/partials/light.html")
def due_light(deadline: object) -> dict[str, str]:
    """The light of a deadline (its ``light`` attribute); nothing when there is no deadline."""
    return light(getattr(deadline, "light", None))


@register.inclusion_tag("liaison/partials/status_tag.html")
def status_tag(status: object, tone: str = "") -> dict[str, str]:
    """The tag beside a title.

    Args:
        status: the words, or an object with ``get_status_display()`` and, for the colour, ``status_tone``.
        tone: grey, blue, green, amber, red or accent; grey when not given.

    Raises:
        LookupError: an unknown tone.
    """
    show = getattr(status, "get_status_display", None)
    label = str(show()) if callable(show) else str(status)
    tone = tone or str(getattr(status, "status_tone", "grey"))
    if tone not in TONES:
        raise LookupError(f"unknown tone {tone!r}")
    return {"label": label, "tone": tone}
