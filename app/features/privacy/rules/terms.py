"""The terms of a community. Whoever changes a word changes the day in people.PURPOSES too: then everybody is asked."""

from app.kit.words import say

TERMS = (
    say(
        "This is an app for neighbours. You are here under your own name, and you are 14 or older, "
        "or here through a guardian."
    ),
    say("Be kind. Write about others as you would speak if they stood beside you."),
    say(
        "What you read here about neighbours, phone and door above all, you use to help each other, "
        "and pass on to nobody."
    ),
    say("Help among neighbours is given freely. Nobody owes an answer, and a no needs no reason."),
    say("No selling, no advertising, no politics by mass message."),
    say("In danger, call the emergency number first. This app does not replace it."),
    say("Whoever breaks these rules can be suspended for a while. They hear why, and somebody else looks at it again."),
    say("You can leave at any time and take your data with you."),
)
