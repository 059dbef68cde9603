"""What neighbours of the village need these days."""

from app.features.demo.needs import Needed, Needs
from app.features.help.tables import What
from app.features.notices.tables import Urgency

NEEDS = Needs(
    vetted=("Ewa Nowak", "Joan Whitfield"),
    needed=(
        Needed(
            0.4, What.transport, "The surgery tomorrow at nine: is there a seat in a car?", by="Dorothy Finch",
            details="I need an arm getting in and out. I wait by the gate.", urgency=Urgency.soon,
            asked=(("Joan Whitfield", "And back again?"), ("Dorothy Finch", "About eleven, if you can. Else the bus.")),
        ),
        Needed(
            3, What.groceries, "I have turned my ankle: greens, milk and half a dozen eggs, please.", by="Grace Bell",
            details="Leave it in the porch and knock twice.", cents=1500, taken_by="Dorothy Finch", on_the_way=True,
        ),
        Needed(1.2, What.parcel, "Two heavy boxes wait at the post office.", by="Hugo Lind",
               details="The slip says 8013."),
        Needed(5, What.repair, "The kitchen pipe drips. Can somebody look tonight?", by="Bess Holloway",
               urgency=Urgency.urgent),
        Needed(20, What.company, "An hour of company in the afternoons, after a fall.", by="Arthur Penn",
               for_whom="Edith Marsh"),
        Needed(9, What.other, "An old sofa has to come down the stairs: two of you.", by="Sam Reyes", helpers=2,
               taken_by="Will Carter"),
        Needed(50, What.forms, "The surgery's app will not let me in.", by="Dorothy Finch", taken_by="Hugo Lind",
               done=True),
        Needed(170, What.groceries, "A sack of potatoes, in this rain.", by="Dorothy Finch", taken_by="Will Carter",
               done=True, confirmed=True),
        Needed(
            2, What.medicine,
            "My mother's tablets are running out and I am away until Friday. Could somebody fetch them?",
            guest=("Ann Marsh", "+447700900077", "6 Mill Lane"), details="They are ready at the chemist's.",
            urgency=Urgency.soon,
        ),
    ),
)  # fmt: skip
