"""The groups of the menu that this package's entries stand in."""

#: Where deputies meet people: stations and groups.
MEETING = "代表联络"
#: What deputies do: activities, campaigns, reports, deeds, contacts, reports to voters, the duty file.
DUTY = "代表履职"
