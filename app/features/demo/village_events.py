"""What is on in the village these weeks."""

from app.features.demo.events import Gathered
from app.features.events.tables import Kind

EVENTS = (
    Gathered(
        Kind.reading, {"en": "Reading club: Lark Rise"}, 2, (19, 21), "Hugo Lind",
        {"en": "The first three chapters. Come even if you have not finished: we read aloud."},
        room=0, parts=((2, {"en": "Bring tea"}), (1, {"en": "Lead the reading"})),
        come=("Grace Bell", "Arthur Penn"), perhaps=("Joan Whitfield",), need="A seat near the front",
    ),
    Gathered(
        Kind.orientation, {"en": "How the bookhouse works"}, 4, (19, 20), "Priya Nair",
        {"en": "Stove, locks, shelves: half an hour. Whoever was there books the bookhouse at once from then on."},
        room=0, guests=0, capability="orientation", come=("Sam Reyes",),
    ),
    Gathered(
        Kind.market, {"en": "Plant and jam market"}, 6, (9, 12), "Margaret Hale",
        {"en": "Seedlings, jam, whatever the garden has too much of. Rain moves us into the hall."},
        place={"en": "On the green"}, capacity=120, guests=4, public=True, parts=((4, {"en": "Carry tables"}),),
        come=("Bess Holloway", "Hugo Lind"),
    ),
)  # fmt: skip
