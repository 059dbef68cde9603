"""What is kept and how long, taking it along, leaving, being forgotten; and those who answer for children."""

from app.features.privacy.rules.about import About, about
from app.features.privacy.rules.children import add_child, children, code_for_child
from app.features.privacy.rules.erased import ERASED, add_to_list, keep_list
from app.features.privacy.rules.erasing import erase_again, erase_due
from app.features.privacy.rules.exporting import everything, for_a_guardian, may_export, photos_of
from app.features.privacy.rules.leaving import ask_for, leave, leave_child, stay, stay_child, what_it_means
from app.features.privacy.rules.notice import how_long, personal
from app.features.privacy.rules.telling import Section, sections
from app.features.privacy.rules.terms import TERMS

__all__ = [
    "ERASED",
    "TERMS",
    "About",
    "Section",
    "about",
    "add_child",
    "add_to_list",
    "ask_for",
    "children",
    "code_for_child",
    "erase_again",
    "erase_due",
    "everything",
    "for_a_guardian",
    "how_long",
    "keep_list",
    "leave",
    "leave_child",
    "may_export",
    "personal",
    "photos_of",
    "sections",
    "stay",
    "stay_child",
    "what_it_means",
]
