"""How every form is drawn: ``FORM_RENDERER = "liaison.forms.renderer.PortalRenderer"``.

Label above, help under the label, message by the field, 选填 where an answer may be left out, and the
classes of our style sheet — without a line of code in the single form.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Widget

from liaison.forms.wording import plain_message


class PortalBoundField(BoundField):
    """A field with our classes, a native date picker and the upload limit on its widget."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        native_dates(field.widget)

    def build_widget_attrs(self, attrs: Any, widget: Widget | None = None) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        names = [widget.attrs.get("class", ""), built.get("class", ""), widget_class(widget)]
        if self.errors and not widget.is_hidden:
            names.append("is-invalid")
        joined = " ".join(dict.fromkeys(" ".join(names).split()))
        if joined:
            built["class"] = joined
        if isinstance(widget, forms.FileInput):
            built.setdefault("data-max-bytes", settings.ATTACHMENT_MAX_BYTES)
        return built

    @property
    def layout(self) -> str:
        """``hidden``, ``check`` (one box, its label beside it) or ``block``."""
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        return "check" if isinstance(widget, forms.CheckboxInput) else "block"

    @property
    def messages(self) -> list[str]:
        """What is wrong, in plain words."""
        return [plain_message(self, error) for error in self.errors.as_data()]

    @property
    def first_id(self) -> str:
        """Id of the first thing in the field that can take the focus: where the error summary links to."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
            return f"{self.auto_id}_0"
        return str(self.id_for_label or self.auto_id)


def widget_class(widget: Widget) -> str:
    """The style sheet's class for a widget; none for hidden ones."""
    if widget.is_hidden:
        return ""
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def native_dates(widget: Widget) -> None:
    """Let the browser offer its calendar: type and ISO format, which it demands."""
    if isinstance(widget, forms.MultiWidget):
        for part in widget.widgets:
            native_dates(part)
    elif isinstance(widget, forms.DateTimeInput) and widget.input_type == "text":
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, forms.DateInput) and widget.input_type == "text":
        widget.input_type, widget.format = "date", "%Y-%m-%d"


class PortalRenderer(TemplatesSetting):
    """Our form and field templates, our bound field."""

    form_template_name = "liaison/forms/form.html"
    field_template_name = "liaison/forms/field.html"
    bound_field_class = PortalBoundField
