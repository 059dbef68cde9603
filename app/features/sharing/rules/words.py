"""What things, their condition and their loans are called."""

from app.features.sharing.searches import Sought
from app.features.sharing.tables import Audience, Category, Condition, Kind, Policy, Stage, State
from app.kit.words import say

CATEGORIES = {
    Category.tools: say("Tools"),
    Category.garden: say("Garden and balcony"),
    Category.kitchen: say("Kitchen"),
    Category.household: say("Around the home"),
    Category.furniture: say("Furniture"),
    Category.electronics: say("Electronics"),
    Category.children: say("For children"),
    Category.aids: say("Wheelchairs and aids"),
    Category.sport: say("Sport and games"),
    Category.party: say("Parties and events"),
    Category.transport: say("Carts and bicycles"),
    Category.clothes: say("Clothes"),
    Category.safety: say("Light, power, water"),
    Category.other: say("Other things"),
}
# Pictures of app/templates' sprite, where a thing has no photo.
ICONS = {
    Category.tools: "hammer",
    Category.garden: "sprout",
    Category.kitchen: "cooking-pot",
    Category.household: "house",
    Category.furniture: "armchair",
    Category.electronics: "laptop",
    Category.children: "baby",
    Category.aids: "accessibility",
    Category.sport: "volleyball",
    Category.party: "party-popper",
    Category.transport: "bike",
    Category.clothes: "shirt",
    Category.safety: "flashlight",
    Category.other: "package",
}
CONDITIONS = {
    Condition.new: say("Like new"),
    Condition.good: say("In good order"),
    Condition.worn: say("Worn, and works"),
    Condition.broken: say("Broken"),
}
KINDS = {Kind.lend: say("To lend"), Kind.give: say("To give away")}
AUDIENCES = {Audience.building: say("My building"), Audience.community: say("Everybody here")}
POLICIES = {
    Policy.owner: say("I say yes to each"),
    Policy.at_once: say("Whoever asks first has it at once"),
    Policy.capability: say("At once, for those with a capability; I say yes to the others"),
}
STATES = {
    State.offered: say("On the board"),
    State.paused: say("Paused"),
    State.gone: say("Not here any more"),
    State.taken: say("Taken away by officers"),
}
STAGES = {
    Stage.asked: say("Waits for an answer"),
    Stage.accepted: say("Agreed"),
    Stage.out: say("Handed over"),
    Stage.back: say("Back again"),
    Stage.given: say("Given away"),
    Stage.declined: say("Declined"),
    Stage.withdrawn: say("Withdrawn"),
    Stage.expired: say("Ran out"),
}
SOUGHT = {
    Sought.open: say("Looked for"),
    Sought.found: say("Found"),
    Sought.withdrawn: say("Withdrawn"),
    Sought.expired: say("Ran out"),
    Sought.taken: say("Taken away by officers"),
}
