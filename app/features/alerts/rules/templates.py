"""Words that stand ready for what happens most: only the blanks in [brackets] wait for whoever declares.

In the order that is understood best (E 12): who says so, what it is, where, what to do, until when.
"""

from datetime import timedelta

from msgspec import Struct

from app.features.alerts.rules.composing import Steps
from app.features.alerts.tables import Category, Level
from app.kit.languages import language
from app.kit.words import Sentence, say


class Template(Struct, frozen=True):
    level: Level
    lasts: timedelta
    headline: Sentence
    body: Sentence
    steps: Steps = Steps()
    roll_call: bool = True


HOUR = timedelta(hours=1)
HASTE = Steps(again=(3, 8), others=10, knock=10)
CALM = Steps(again=(30,), others=60, knock=0)

TEMPLATES: dict[Category, Template] = {
    Category.water: Template(
        Level.caution,
        6 * HOUR,
        say("No water: [where], about [how many] hours"),
        say(
            "[Who] says: [cause], being repaired. Fill what you need to drink now, and close your taps. "
            "You can fetch water at [place]. It runs again by about [time]."
        ),
        Steps(again=(15, 45), others=60, knock=120),
    ),
    Category.power: Template(
        Level.caution,
        4 * HOUR,
        say("No power: [where], about [how many] hours"),
        say(
            "[Who] says: [cause], being repaired. Do not use the lifts; unplug heaters and cookers; torches, "
            "no candles. If you need power to stay well, answer “I need help”. It is back by about [time]."
        ),
        Steps(again=(10, 30), others=30, knock=60),
    ),
    Category.fire: Template(
        Level.critical,
        3 * HOUR,
        say("Fire: [where]. Go out now, by the stairs"),
        say(
            "[Who] reports a fire at [place]. Take the stairs, never the lift; close doors behind you. "
            "Smoke outside your door: stay in, seal the gap, call the fire brigade. "
            "Meet at [meeting point]. Do not go back in before the all-clear, about [time]."
        ),
        HASTE,
    ),
    Category.gas: Template(
        Level.critical,
        4 * HOUR,
        say("Smell of gas: [where]. No flame, no switches"),
        say(
            "[Who] reports gas at [place]. No flame, no switch, no phone indoors. Open windows, close the gas tap, "
            "and go down the stairs to [meeting point]. Do not go back in before the all-clear, about [time]."
        ),
        HASTE,
    ),
    Category.storm: Template(
        Level.caution,
        12 * HOUR,
        say("Storm: [where], from [time] until [time]"),
        say(
            "[Who] expects [wind, rain]. Take in what stands on balconies, close the windows, move cars away from "
            "trees, and stay indoors until [time]."
        ),
        CALM,
        roll_call=False,
    ),
    Category.flood: Template(
        Level.urgent,
        8 * HOUR,
        say("Flooding: [where]. Go up, keep out of basements"),
        say(
            "[Who] reports rising water at [place]. Keep out of garages and basements; do not walk or drive through "
            "water. Turn the power off where you can reach it dry. Go up to [place]. Until about [time]."
        ),
        Steps(again=(5, 10), others=15, knock=20),
    ),
    Category.missing: Template(
        Level.urgent,
        6 * HOUR,
        say("Please look out: somebody is missing since [time], last seen at [place]"),
        say(
            "[Who] asks: [age, clothes, what to know them by; no name]. Please look in stairwells, gardens and garages "
            "near you. Stay with them, and call [phone]. We look until [time]."
        ),
        CALM,
        roll_call=False,
    ),
    Category.epidemic: Template(
        Level.notice,
        72 * HOUR,
        say("[Measure]: [where], until [day]"),
        say(
            "[Which office] asks: [what is known]. Please [what to do]. "
            "If you have [signs], stay at home and call [phone]. It ends on [day]."
        ),
        CALM,
        roll_call=False,
    ),
    Category.lift: Template(
        Level.notice,
        6 * HOUR,
        say("Lift stopped: [which], about [how many] hours"),
        say(
            "[Who] says: [cause], being repaired. Please take [the other lift, the stairs]. "
            "If you cannot, answer “I need help” and somebody comes to you. It runs again by about [time]."
        ),
        Steps(again=(15,), others=30, knock=60),
    ),
}


def template_words(category: Category, tag: str) -> tuple[str, str]:
    """Headline and body in that language."""
    found, tongue = TEMPLATES[category], language(tag)
    return found.headline.spoken(tongue), found.body.spoken(tongue)
