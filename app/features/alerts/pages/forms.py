"""What is typed to declare an alert, and back: a form of words and ticks, and a plan."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.features.alerts.rules import BODY, HEADLINE, TEMPLATES, Plan, Steps, Whom, template_words
from app.features.alerts.tables import Category, Kind, Level
from app.features.people.tables import Kind as Role
from app.features.skills.tables import Category as Skill
from app.kit.forms import Form, Words, blank
from app.kit.languages import NAMES
from app.kit.refusals import Refusal
from app.kit.words import say

Tongue = StrEnum("Tongue", {tag: tag for tag in NAMES})  # type: ignore[misc]
LONGER = 2000  # a text that is too long comes back whole, with its length beside it
Line = Annotated[str, Words(LONGER)]
WRITTEN = "%Y-%m-%dT%H:%M"
HOURS_AT_FIRST = timedelta(hours=4)
MOST_MINUTES = 24 * 60


class WordsForm(Struct):
    """In the community's first language, and in its second."""

    headline_0: Line = ""
    body_0: Line = ""
    headline_1: Line = ""
    body_1: Line = ""

    def in_each(self, tags: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
        headlines = (self.headline_0, self.headline_1)
        bodies = [typed.replace("\r\n", "\n") for typed in (self.body_0, self.body_1)]  # as a reader counts
        return dict(zip(tags, headlines, strict=False)), dict(zip(tags, bodies, strict=False))


class UpdateForm(WordsForm):
    until_at: Annotated[str, Words(30)] = ""


class AlertForm(UpdateForm, kw_only=True):
    kind: Kind
    level: Level
    category: Category
    areas: list[int] = []
    roles: list[Role] = []
    skills: list[Skill] = []
    tongues: list[Tongue] = []
    needs: bool = False
    source: Annotated[str, Words(120)] = ""
    source_url: Annotated[str, Words(400)] = ""
    roll_call: bool = False
    texts: bool = False
    public: bool = False
    again: Annotated[str, Words(40)] = ""
    others: int = 0
    knock: int = 0


class TypedForm(Struct):
    typed: Annotated[str, Words(40)] = ""


def plan_from(meant: AlertForm, tags: Sequence[str], clock: ZoneInfo) -> Plan:
    """Raises Refusal for a time or minutes that are none."""
    headlines, bodies = meant.in_each(tags)
    return Plan(
        kind=meant.kind,
        level=meant.level,
        category=meant.category,
        headlines=headlines,
        bodies=bodies,
        until_at=moment(meant.until_at, clock),
        areas=tuple(meant.areas),
        whom=Whom(tuple(meant.roles), tuple(meant.skills), tuple(meant.tongues), meant.needs),
        roll_call=meant.roll_call,
        public=meant.public,
        texts=meant.texts,
        source=meant.source,
        source_url=meant.source_url,
        steps=Steps(minutes(meant.again), _minute(meant.others, "others"), _minute(meant.knock, "knock")),
    )


def moment(typed: str, clock: ZoneInfo) -> datetime:
    """As the community's own clock shows it."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=clock).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal(say("When does it end? A day and a time, please."), beside="until_at") from None


def minutes(typed: str) -> tuple[int, ...]:
    """ "5, 15" is twice."""
    words = typed.replace("，", ",").replace("、", ",").replace(" ", ",").split(",")
    try:
        return tuple(sorted({_minute(int(word), "again") for word in words if word}))
    except ValueError:
        raise Refusal(say("Minutes, please, like 5, 15."), beside="again") from None


def _minute(number: int, beside: str) -> int:
    if not 0 <= number <= MOST_MINUTES:
        raise Refusal(say("Minutes within a day, please."), beside=beside)
    return number


def words_of(headlines: dict[str, str], bodies: dict[str, str], tags: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for place, tag in enumerate(tags):
        values |= {f"headline_{place}": headlines.get(tag, ""), f"body_{place}": bodies.get(tag, "")}
    return values


def form_of(plan: Plan, tags: Sequence[str], clock: ZoneInfo) -> Form:
    values: dict[str, Any] = {
        "kind": plan.kind,
        "level": plan.level,
        "category": plan.category,
        "until_at": plan.until_at.astimezone(clock).strftime(WRITTEN),
        "areas": list(plan.areas),
        "roles": list(plan.whom.roles),
        "skills": list(plan.whom.skills),
        "tongues": list(plan.whom.languages),
        "needs": plan.whom.needs,
        "source": plan.source,
        "source_url": plan.source_url,
        "roll_call": plan.roll_call,
        "texts": plan.texts,
        "public": plan.public,
        "again": ", ".join(map(str, plan.steps.again)),
        "others": plan.steps.others,
        "knock": plan.steps.knock,
    }
    return blank(**values | words_of(plan.headlines, plan.bodies, tags))


def fresh_form(kind: Kind, template: Category | None, tags: Sequence[str], clock: ZoneInfo, now: datetime) -> Form:
    """Empty, or with the words that stand ready. What is not real costs nothing, and a test asks nobody."""
    ready = TEMPLATES.get(template) if template else None
    written = {tag: template_words(template, tag) for tag in tags} if template and ready else {}
    until = now + (ready.lasts if ready else HOURS_AT_FIRST)
    return form_of(
        Plan(
            kind=kind,
            level=ready.level if ready else Level.caution,
            category=template or Category.other,
            headlines={tag: words[0] for tag, words in written.items()},
            bodies={tag: words[1] for tag, words in written.items()},
            until_at=until.replace(minute=until.minute // 15 * 15),
            roll_call=kind != Kind.test and (ready.roll_call if ready else True),
            texts=kind == Kind.real,
            steps=ready.steps if ready else Steps(),
        ),
        tags,
        clock,
    )


LIMITS = {"headline": HEADLINE, "body": BODY}
