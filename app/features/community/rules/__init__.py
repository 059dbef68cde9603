"""The installation: what it is called, which languages it speaks, and the areas it is made of."""

from app.features.community.rules.areas import (
    AreaRow,
    Branch,
    add_area,
    area,
    areas_in,
    below,
    line_to,
    put_area,
    remove_area,
    rename_area,
    top_areas,
    tree,
)
from app.features.community.rules.installation import (
    Here,
    as_here,
    change,
    contact_words,
    found,
    here,
    is_set_up_link,
    new_set_up_link,
    today,
)
from app.features.community.rules.keeping import KEPT
from app.features.community.rules.names import LABELS, REGIONS, kind_name, label

__all__ = [
    "KEPT",
    "LABELS",
    "REGIONS",
    "AreaRow",
    "Branch",
    "Here",
    "add_area",
    "area",
    "areas_in",
    "as_here",
    "below",
    "change",
    "contact_words",
    "found",
    "here",
    "is_set_up_link",
    "kind_name",
    "label",
    "line_to",
    "new_set_up_link",
    "put_area",
    "remove_area",
    "rename_area",
    "today",
    "top_areas",
    "tree",
]
