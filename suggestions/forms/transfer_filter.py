"""The filter bar over transfers and their statistic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from suggestions.forms.fields import IdChoiceField
from suggestions.selectors.transfer import counties_for, domains, procuratorates_for
from suggestions.selectors.transfer_desk import EVERYWHERE, Conditions, years

if TYPE_CHECKING:
    from liaison.actor import Actor


class TransferFilterForm(forms.Form):
    """Domain, year, region and procuratorate; a value that is not offered asks for nothing.

    Args:
        actor: whose regions and procuratorates are offered; one without a choice is not asked.
    """

    domain_id = IdChoiceField(label="领域", required=False, empty_label="全部领域")
    year = IdChoiceField(label="转交年份", required=False, empty_label="全部年份")
    region = forms.ChoiceField(label="范围", required=False)
    procuratorate_id = IdChoiceField(label="检察院", required=False, empty_label="全部检察院")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("IdChoiceField", self.fields["domain_id"]).offer(domains())
        cast("IdChoiceField", self.fields["year"]).offer([(year, f"{year}年") for year in years()])
        counties, procuratorates = counties_for(actor), procuratorates_for(actor)
        if counties:
            region = cast("forms.ChoiceField", self.fields["region"])
            region.choices = [("", "本机构"), (EVERYWHERE, "本级和下级"), *counties]
        else:
            del self.fields["region"]
        if len(procuratorates) > 1:
            cast("IdChoiceField", self.fields["procuratorate_id"]).offer(procuratorates)
        else:
            del self.fields["procuratorate_id"]

    @property
    def conditions(self) -> Conditions:
        """What is asked for; wrong values are left out."""
        self.is_valid()
        return Conditions(**{name: value for name, value in self.cleaned_data.items() if value not in (None, "")})
