"""What neighbours may report, and how officers take it away and give it back."""

from app.features.announcements import rules as announcements
from app.features.events import rules as events
from app.features.help import rules as needs
from app.features.sharing import rules as sharing
from app.features.skills import rules as skills
from app.kit.reporting import Matter, Matters
from app.kit.words import say

_OF_SHARING = (sharing.reportable, sharing.take_away, sharing.give_back)
_OF_SKILLS = (skills.reportable, skills.take_away, skills.give_back)
MATTERS: Matters = {
    "person": Matter(say("a neighbour's page"), skills.reportable),
    "skill": Matter(say("an offered skill"), *_OF_SKILLS),
    "ask": Matter(say("an ask"), *_OF_SKILLS),
    "thanks": Matter(say("a word of thanks"), *_OF_SKILLS),
    "need": Matter(say("a need"), needs.reportable, needs.take_away, needs.give_back_reported),
    "announcement": Matter(
        say("an announcement"), announcements.reportable, announcements.take_away, announcements.give_back
    ),
    "event": Matter(say("an event"), events.reportable, events.take_away, events.give_back),
    "item": Matter(say("something that is shared"), *_OF_SHARING),
    "loan": Matter(say("a word of thanks"), *_OF_SHARING),
    "search": Matter(say("something that is looked for"), *_OF_SHARING),
}
