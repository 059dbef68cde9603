"""What each role may do and see, and may not, in words; and what goes with it from hand to hand.

`door` is where it begins in the app: tests/features/test_role_pages.py knocks there for every kind of person, and asks
of every door that is kept for a role whether these words speak of it.
"""

from msgspec import Struct

from app.features.people.tables import Kind
from app.kit.words import Sentence, say


class Power(Struct, frozen=True):
    words: Sentence
    door: str = ""


class Powers(Struct, frozen=True):
    purpose: Sentence
    does: tuple[Power, ...]
    sees: tuple[Power, ...]
    never: tuple[Power, ...]
    icon: str


STAYS_PRIVATE = Power(say("Read what neighbours write to one another"))

POWERS: dict[Kind, Powers] = {
    Kind.steward: Powers(
        say("Knows a building and who lives in it, and is the first face of the committee there."),
        does=(
            Power(say("Answers, asks and signs up for a neighbour of their area who cannot; the neighbour is told")),
            Power(say("Helps neighbours sign up, and brings slips to those who have not"), "/slips"),
            Power(say("Hangs up posters, and lets in those who ask by them"), "/posters"),
            Power(say("Lets neighbours of their area in, or turns them away, and says why"), "/welcomes"),
            Power(say("Puts announcements of their area on the board"), "/announcements"),
            Power(say("Knocks, together with one more, where nobody answers in an emergency"), "/alerts"),
            Power(say("Hands the role over, names a deputy, notes when they are away"), "/account/roles"),
        ),
        sees=(
            Power(say("Who lives in their area, also those who offer nothing"), "/neighbours"),
            Power(say("Which doors of their area have signed up, never by which phone"), "/joined"),
            Power(say("Which households of their area the doorbell reaches"), "/reached"),
            Power(say("In an emergency, how each household of their area answered"), "/alerts"),
            Power(
                say("Special needs in an emergency; every look is noted, and you can read who looked"), "/households"
            ),
        ),
        never=(
            Power(say("See phones and e-mails, unless you and they agreed on something"), "/admin/people"),
            Power(say("Look into other areas, or give roles"), "/admin/roles"),
            STAYS_PRIVATE,
        ),
        icon="building-2",
    ),
    Kind.space_manager: Powers(
        say("Looks after the shared rooms: who comes when, and that the door is locked at night."),
        does=(
            Power(say("Leads orientations: who was there may use what they were shown, until a day"), "/events"),
            Power(say("Brings in lists of things that belong to all of us, after looking row by row"), "/share/import"),
            Power(say("Hands the role over, names a deputy, notes when they are away"), "/account/roles"),
        ),
        sees=(
            Power(say("What every neighbour sees"), "/neighbours"),
            Power(say("What an emergency showed, where it is theirs to mend"), "/alerts/mends"),
        ),
        never=(
            Power(say("See phones and e-mails, unless you and they agreed on something"), "/admin/people"),
            Power(say("Let people in, suspend them, or give roles"), "/admin/roles"),
            STAYS_PRIVATE,
        ),
        icon="key-round",
    ),
    Kind.coordinator: Powers(
        say("Leads when the water, the power or somebody's health fails, and practises it before."),
        does=(
            Power(say("Declares alerts and exercises, and ends them; what is critical, never alone"), "/alerts"),
            Power(say("Takes measures that end by themselves, and to which everybody may object"), "/alerts"),
            Power(say("Writes the report of what is over, and who mends what by when"), "/alerts/mends"),
            Power(say("Writes the meeting points and emergency numbers"), "/alerts/lifelines"),
            Power(say("Asks those who offered to help in an emergency, are safe and are free"), "/alerts"),
            Power(say("Decides about reports, with a rule, a reason and an end"), "/reports"),
            Power(say("Hears appeals against what another officer decided"), "/appeals"),
            Power(say("Brings in lists of things that belong to all of us, after looking row by row"), "/share/import"),
            Power(say("Hands the role over, names a deputy, notes when they are away"), "/account/roles"),
        ),
        sees=(
            Power(say("What every neighbour sees"), "/neighbours"),
            Power(say("Which households the doorbell reaches, and on which road"), "/reached"),
            Power(say("In an emergency, how each household answered, and how far the alert has got"), "/alerts"),
        ),
        never=(
            Power(say("See phones and e-mails, unless you and they agreed on something"), "/admin/people"),
            Power(say("Let people in, or give roles"), "/admin/roles"),
            STAYS_PRIVATE,
        ),
        icon="siren",
    ),
    Kind.administrator: Powers(
        say("Answers for the community: who is let in, who holds which role, and that data is kept well."),
        does=(
            Power(say("Lets people in; suspends somebody, for a reason they read and can dispute"), "/admin/people"),
            Power(say("Lets neighbours in or turns them away; prints slips and posters"), "/welcomes"),
            Power(say("Prints slips for those who have no sign-in yet"), "/slips"),
            Power(say("Hangs up posters, and lets in those who ask by them"), "/posters"),
            Power(say("Undoes a chain of wrong vouches"), "/vouches"),
            Power(say("Puts announcements on the board, for an area or for everybody"), "/announcements"),
            Power(say("Decides about reports, with a rule, a reason and an end"), "/reports"),
            Power(say("Hears appeals against what another officer decided"), "/appeals"),
            Power(say("Gives and ends roles; the last administrator stays until another is found"), "/admin/roles"),
            Power(say("Keeps areas and households in order"), "/admin/areas"),
            Power(say("Brings in lists of residents, after looking row by row"), "/admin/roster"),
            Power(say("Brings in lists of things that belong to all of us, after looking row by row"), "/share/import"),
            Power(say("Writes the meeting points and emergency numbers"), "/alerts/lifelines"),
            Power(
                say("Keeps the data of an emergency longer, for a reason that all concerned read, with an end"),
                "/alerts",
            ),
            Power(say("Erases what is kept about somebody, at their wish"), "/admin/people"),
            Power(say("Two of them together let an officer in again who forgot the password"), "/neighbours"),
            Power(say("Changes the name, the languages and the time zone of the community"), "/admin/community"),
        ),
        sees=(
            Power(say("Phones, e-mails, addresses; every look is noted, and you can read who looked"), "/admin/people"),
            Power(say("What was done, by whom and when, never what was written"), "/admin/audit"),
            Power(say("Which roads of the doorbell are set up, and which of them answer"), "/admin/roads"),
            Power(say("Every household's card as far as it is open to stewards; each look is noted"), "/households"),
            Power(say("Which doors have signed up, in every area"), "/joined"),
            Power(say("Which households the doorbell reaches, and on which road"), "/reached"),
            Power(say("In an emergency, how each household answered, and how far the alert has got"), "/alerts"),
        ),
        never=(
            Power(say("Learn a password, or sign in as somebody else")),
            Power(say("Agree to anything in your place")),
            STAYS_PRIVATE,
        ),
        icon="shield-check",
    ),
}  # fmt: skip

# By kind: what the two go through together before the role passes.
CHECKS: dict[Kind, dict[str, Sentence]] = {
    Kind.steward: {
        "keys": say("The keys are handed over and counted"),
        "papers": say("Papers and lists are handed over; old ones are shredded"),
        "requests": say("What is still open has been talked through"),
        "phones": say("The phone list of the building is up to date"),
        "neighbours": say("The neighbours know who comes next"),
    },
    Kind.space_manager: {
        "keys": say("The keys are handed over and counted"),
        "bookings": say("The bookings of the next weeks have been talked through"),
        "money": say("Deposits and the cash box are counted"),
        "rooms": say("You walked through the rooms together"),
        "neighbours": say("The neighbours know who comes next"),
    },
    Kind.coordinator: {
        "plan": say("You read the emergency plan together"),
        "phones": say("The numbers to ring are up to date: water, power, fire service, clinic"),
        "kit": say("Radios, torches and first-aid kits are counted"),
        "requests": say("What is still open has been talked through"),
        "neighbours": say("The volunteers know who comes next"),
    },
    Kind.administrator: {
        "server": say("They can reach the server and its backups"),
        "papers": say("Papers and lists are handed over; old ones are shredded"),
        "requests": say("What is still open has been talked through"),
        "officers": say("Stewards and coordinators know who comes next"),
        "neighbours": say("The neighbours know who comes next"),
    },
}
