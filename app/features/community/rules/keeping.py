"""What is kept about the community itself: nobody's data."""

from app.kit.keeping import Keeping
from app.kit.words import say

KEPT = (
    Keeping(
        say("The community's name, settings and areas"),
        say("It is what everything here stands in"),
        ("community", "areas", "set_up_links"),
        personal=False,
    ),
)
