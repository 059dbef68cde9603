"""The same words as ours: the catalogue is compiled from our own."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "repairs": (_("Repairs and electrics"), "wrench"),
    "hands": (_("Hair, sewing, lifting"), "scissors"),
    "health": (_("Health and first aid"), "heart-pulse"),
    "care": (_("Children, company, care"), "hand-heart"),
    "teaching": (_("Lessons and tutoring"), "graduation-cap"),
    "languages": (_("Languages"), "languages"),
    "digital": (_("Phones, computers, radio"), "laptop"),
    "paperwork": (_("Law, money, forms"), "scale"),
    "cooking": (_("Cooking"), "chef-hat"),
    "transport": (_("Driving and errands"), "car"),
    "nature": (_("Pets and plants"), "paw-print"),
    "arts": (_("Music, arts, sport"), "music"),
    "other": (_("Something else"), "sparkles"),
}
TABS = [("/", _("Home"), "house"), ("/neighbours", _("Neighbours"), "users")]
BUILDING = _("Building %(name)s")
