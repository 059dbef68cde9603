"""The same words as ours: the catalogue is compiled from our own."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "repairs": (_("Repairs"), "wrench"),
    "hands": (_("Hands-on help"), "scissors"),
    "health": (_("Health"), "heart-pulse"),
    "care": (_("Care and company"), "hand-heart"),
    "teaching": (_("Lessons"), "graduation-cap"),
    "languages": (_("Languages"), "languages"),
    "digital": (_("Electronics"), "laptop"),
    "paperwork": (_("Paperwork and money"), "scale"),
    "cooking": (_("Cooking"), "chef-hat"),
    "transport": (_("Getting about"), "car"),
    "nature": (_("Pets and plants"), "paw-print"),
    "arts": (_("Arts and sport"), "music"),
    "other": (_("Something else"), "sparkles"),
}
TABS = [("/", _("Home"), "house"), ("/neighbours", _("Neighbours"), "users")]
BUILDING = _("Building %(name)s")
