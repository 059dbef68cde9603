"""What some families of Millbrook keep on their cards."""

from app.features.demo.homes import Card, Homes, Key, Needing
from app.features.household.rules import Written
from app.features.people.tables import Audience as A

# Numbers that Ofcom keeps for stories.
HOMES = Homes(
    cards=(
        Card(
            "Dorothy Finch",
            Written(
                contact_name="Alice Finch",
                contact_relation="daughter, in Leeds",
                contact_phone="07700 900461",
                key_words="The spare hangs at the post office, under F",
                languages="English",
                pets="A spaniel called Biscuit, deaf but friendly",
                notes="The front door sticks: push low. The stopcock is behind the coal shed.",
            ),
            {
                "emergency_contact": A.stewards,
                "key_holder": A.stewards,
                "languages": A.community,
                "pets": A.community,
                "notes": A.building,
            },
            answers=True,
        ),
        Card(
            "Edith Marsh",
            Written(
                contact_name="Paul Marsh",
                contact_relation="nephew",
                contact_phone="07700 900182",
                notes="Knock on the window: I do not hear the bell.",
            ),
            {"emergency_contact": A.stewards, "notes": A.stewards},
        ),
        Card(
            "陈思源",
            Written(
                contact_name="陈思远",
                contact_relation="哥哥",
                contact_phone="07700 900733",
                languages="普通话、English",
            ),
            {"languages": A.community},
        ),
        Card(
            "Margaret Hale",
            Written(
                contact_name="Ruth Hale",
                contact_relation="sister",
                contact_phone="07700 900220",
                pets="Three hens, shut in at dusk",
            ),
            {"emergency_contact": A.stewards, "pets": A.building},
            answers=True,
        ),
    ),
    keys=(Key("Dorothy Finch", "Arthur Penn", agreed=True), Key("Hugo Lind", "Dorothy Finch")),
    needs=(
        Needing("Edith Marsh", "I live alone and hear badly. On the stairs I need an arm."),
        Needing("Dorothy Finch", "My heart tablets. Please remind me when the power is off for long."),
    ),
    looked=(("Arthur Penn", "Dorothy Finch"), ("Arthur Penn", "Edith Marsh")),
)
