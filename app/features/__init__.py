"""The features, lowest first: each may lean on those before it, never on those after."""

FEATURES = (
    "community",
    "people",
    "notices",
    "accounts",
    "calendars",
    "announcements",
    "moderation",
    "joining",
    "household",
    "admin",
    "skills",
    "roster",
    "help",
    "spaces",
    "events",
    "sharing",
    "alerts",
    "privacy",
    "home",
    "demo",
)
