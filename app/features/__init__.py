"""The features, lowest first: each may lean on those before it, never on those after."""

FEATURES = (
    "community",
    "people",
    "notices",
    "accounts",
    "announcements",
    "moderation",
    "joining",
    "household",
    "admin",
    "skills",
    "roster",
    "help",
    "alerts",
    "privacy",
    "home",
    "demo",
)
