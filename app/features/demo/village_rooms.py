"""The shared rooms of the village, and who has them these weeks."""

from app.features.demo.rooms import Booked, Furnished, Rooms
from app.features.spaces.rules import Facts
from app.features.spaces.tables import Policy, Steps

ROOMS = Rooms(
    manager="Priya Nair",
    spaces=(
        Furnished(
            Facts(
                {"en": "The Bookhouse"}, 20,
                about={"en": "The old school: two rooms of books, a long table, a stove."},
                place={"en": "Church Road, next to the pump"}, price={"en": "Free; a log for the stove is welcome"},
                policy=Policy.trusted, capability="orientation", short=60, few=4, gap=30, weekly=2,
            ),
            hours=(9, 21), closed_on=(0,),
            rules={"en": "Books go back to their shelves.\nFood stays at the table.\nStove, lights, door."},
            equipment=(({"en": "Projector"}, 1), ({"en": "Folding chairs"}, 12)),
            booked=(
                Booked(1, (14, 16), "Stories for the small ones", "Priya Nair", 12, True),
                Booked(3, (15, 17), "Birthday", "Grace Bell", 14, approved=False),
                Booked(5, (10, 12), "Knitting", "Joan Whitfield", 8, True, weeks=10),
            ),
        ),
        Furnished(
            Facts(
                {"en": "Village hall"}, 80, about={"en": "A floor to dance on, a stage, a kitchen with two stoves."},
                place={"en": "On the green"}, price={"en": "10 pounds an evening for heating"}, steps=Steps.help,
                policy=Policy.approval, longest=480,
            ),
            hours=(8, 23),
            booked=(
                Booked(1, (18, 22), "Ceilidh", "Joan Whitfield", 60, True),
                Booked(4, (10, 13), "Jumble sale", "Bess Holloway", 50, approved=False),
            ),
        ),
    ),
)  # fmt: skip
