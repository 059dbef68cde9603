"""What notices can be about: each feature names its own topics, app/house.py puts them together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.features.notices.tables import By
from app.kit.words import Sentence, say

EVERY_ROAD = frozenset(By)
QUICK = frozenset({By.push, By.wecom})


@dataclass(frozen=True)
class Topic:
    """A kind of notice that somebody can want or not want.

    `plain` is what a lock screen says of a personal notice (`safety.md` 10); a topic that is not personal shows its
    own words. `by` are the roads it goes on unless its reader chose otherwise. Nobody can turn off what `always`
    comes: what opens their own door was changed.
    """

    label: Sentence
    plain: Sentence
    personal: bool = True
    by: frozenset[By] = QUICK
    always: bool = False


Topics = Mapping[str, Topic]
TEST = "test"
TOPICS: dict[str, Topic] = {
    TEST: Topic(say("Tests"), say("This is a test. Tap here to say that it rang."), personal=False, always=True),
}


def together(*of_features: Mapping[str, Topic]) -> dict[str, Topic]:
    """Raises ValueError when two features gave one name to two topics."""
    names = [name for each in of_features for name in each]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"more than one feature has the topics {sorted(doubled)}")
    return {name: topic for each in of_features for name, topic in each.items()}


def heard_on(topic: Topic, chosen: Mapping[By, bool], has: frozenset[By]) -> frozenset[By]:
    """Where no chosen road reaches somebody, an e-mail does, unless they said that they want none about this."""
    roads = wanted(topic, chosen.items()) & has
    if not roads and By.email in has and chosen.get(By.email) is not False:
        return frozenset({By.email})
    return roads


def wanted(topic: Topic, choices: Iterable[tuple[str, bool]]) -> frozenset[By]:
    """The roads on which somebody wants it, by what they chose for this topic."""
    if topic.always:
        return EVERY_ROAD
    roads = set(topic.by)
    for by, yes in choices:
        (roads.add if yes else roads.discard)(By(by))
    return frozenset(roads)
