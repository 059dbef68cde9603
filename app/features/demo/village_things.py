"""What the people of the village lend, give away and look for these weeks."""

from app.features.demo.things import Looked, Shared, Things, Went
from app.features.sharing.rules import Offer
from app.features.sharing.tables import Category as C
from app.features.sharing.tables import Condition, Kind, Policy, Stage

LEND, GIVE = Kind.lend, Kind.give

THINGS = Things(
    shared=(
        Shared(
            Offer(
                LEND, "Extending ladder", about="Reaches a first-floor gutter. Two people to carry it.",
                category=C.tools,
                parts=("Ladder", "Stand-off", "Strap"), fetch="Beside the workshop, ring first", longest=5, gap=1,
                emergency=True,
            ),
            "Will Carter", photo="ladder", shows="A long ladder against a wall",
            went=(
                Went("Hugo Lind", Stage.back, -14, 2, "Gutters", damage="One strap frayed",
                    thanks="Dry again, thank you"),
                Went("Dorothy Finch", Stage.out, -2, 4, "The apple tree"),
                Went("Joan Whitfield", Stage.asked, 6, 2),
            ),
        ),
        Shared(
            Offer(LEND, "Hammer drill and bits", category=C.tools, parts=("Drill", "Bits", "Goggles"), longest=3),
            "Ewa Nowak", photo="drill", shows="A green hammer drill",
            went=(Went("Sam Reyes", Stage.out, -8, 3, "Shelves"),),
        ),
        Shared(
            Offer(LEND, "Preserving pan, nine litres", about="Marmalade only needs one.", category=C.kitchen,
            longest=7),
            "Dorothy Finch", photo="pot", shows="A red pan with a lid",
            went=(Went("Bess Holloway", Stage.asked, 3, 2, "Plums"),),
        ),
        Shared(
            Offer(LEND, "Tent for four", category=C.sport, parts=("Outer", "Inner", "Poles", "Pegs"), longest=7, gap=1),
            "Hugo Lind", photo="tent", shows="A blue tent",
            went=(
                Went("Grace Bell", Stage.accepted, 5, 3, "The coast"),
                Went("Sam Reyes", Stage.asked, 5, 3, waits=True),
            ),
        ),
        Shared(
            Offer(
                LEND, "Generator, two kilowatts", about="Outdoors only. I show you once.", category=C.safety, longest=3,
                emergency=True,
            ),
            "Tom Okafor", ours=True, keepers=("Ewa Nowak",),
        ),
        Shared(
            Offer(LEND, "Folding chairs, thirty", category=C.party, longest=3, gap=1), "Priya Nair", photo="chairs",
            shows="Three wooden chairs in a row", ours=True, keepers=("Margaret Hale",),
            went=(Went("Arthur Penn", Stage.back, -7, 1, damage="A rivet is gone from one"),),
        ),
        Shared(Offer(LEND, "Wheelchair, folds", category=C.aids, longest=60, emergency=True), "Grace Bell"),
        Shared(
            Offer(LEND, "Sack truck", category=C.transport, policy=Policy.at_once), "Sam Reyes",
            broke="The axle is bent"
        ),
        Shared(
            Offer(GIVE, "Pram", about="The hood and the brake are fine.", category=C.children, first_come=False),
            "Bess Holloway", photo="pram", shows="A blue pram", stands=14,
            went=(Went("Grace Bell", Stage.asked, words="For my sister"),),
        ),
        Shared(
            Offer(GIVE, "Child's bicycle, 16 inch", category=C.transport, condition=Condition.worn), "Arthur Penn",
            photo="bicycle", shows="A small red bicycle",
        ),
        Shared(Offer(LEND, "毛笔和砚台一套", about="初学够用，墨自备。", category=C.other), "陈思源"),
    ),
    looked=(
        Looked(
            "Dorothy Finch", "A cherry stoner", "For one Saturday in the kitchen.", C.kitchen, begins=4,
            has=(("Joan Whitfield", "Mine does six at a time"),),
        ),
        Looked("Sam Reyes", "A sewing machine for one evening", "Two bags for the reading room.", C.household),
    ),
)  # fmt: skip
