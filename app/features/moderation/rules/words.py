"""The community's rules, and what officers may decide, in words."""

from app.features.moderation.tables import Measure, Rule, Verdict
from app.kit.words import Sentence, say

RULES: dict[Rule, Sentence] = {
    Rule.unkind: say("Unkind or threatening words"),
    Rule.unsafe: say("Unsafe for people or things"),
    Rule.selling: say("Selling or advertising"),
    Rule.false_claims: say("Claims that are not true"),
    Rule.privacy: say("The privacy of others"),
    Rule.other: say("Something else"),
}
MEASURES: dict[Measure, Sentence] = {
    Measure.nothing: say("Nothing: it breaks no rule"),
    Measure.taken: say("Take the words away"),
    Measure.warning: say("A warning"),
    Measure.suspension: say("Suspend their account for a time"),
}
DECIDED: dict[Measure, Sentence] = {
    Measure.nothing: say("Nothing was done"),
    Measure.taken: say("Your words were taken away"),
    Measure.warning: say("A warning"),
    Measure.suspension: say("Your account was suspended"),
}
VERDICTS: dict[Verdict, Sentence] = {
    Verdict.upheld: say("It stands"),
    Verdict.overturned: say("It is overturned"),
}
SPANS: dict[int, Sentence] = {
    1: say("One day"),
    7: say("One week"),
    30: say("30 days"),
    90: say("90 days"),
}
