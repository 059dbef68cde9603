"""What a text does not say yet (E 12). A hint for whoever writes it, never a refusal: words are free."""

import re

from app.features.alerts.rules.composing import Plan
from app.features.alerts.tables import Category
from app.kit.words import Sentence, say

SOURCE, HAZARD, WHERE, DEED, UNTIL = (
    say("who says so"),
    say("what it is"),
    say("where"),
    say("what to do"),
    say("until when"),
)
# How each of these usually sounds in our two languages.
SOUNDS: tuple[tuple[Sentence, re.Pattern[str]], ...] = (
    (
        SOURCE,
        re.compile(
            r"物业|居委|业委|社区|公司|消防|公安|民警|警方|气象|应急|供[水电气]|抢修|通知|报告|据|家属|医院|街道|楼长|"
            r"\b(says?|said|reports?|reported|asks?|expects?|according|office|committee|management|police|brigade|"
            r"council|company|bureau|family|service)\b",
            re.IGNORECASE,
        ),
    ),
    (
        WHERE,
        re.compile(
            r"\d+\s*[号栋幢单层楼室]|[号栋幢]楼|单元|全小区|全村|全社区|小区|院|地下|车库|门口|路|街|巷|广场|走失于|"
            r"\b(building|entrance|floor|house|block|road|street|lane|garage|basement|gate|village|estate|whole|"
            r"everywhere|community|lift)\b|\b\d+-\d+",
            re.IGNORECASE,
        ),
    ),
    (
        DEED,
        re.compile(
            r"请|勿|不要|别|切|立即|马上|远离|关[闭好]|打开|留在|撤|"
            r"\b(please|do not|don't|never|stay|keep|fill|close|open|leave|go|take|call|move|meet|look|turn|boil|avoid|"
            r"use|need do nothing)\b",
            re.IGNORECASE,
        ),
    ),
    (
        UNTIL,
        re.compile(
            r"\d\s*[:：]\s*\d\d|[\d一二三四五六七八九十两几半]\s*(个)?(点|时|小时|分钟|天)|今[天晚]|明[天早晚]|后天|周[一二三四五六日]|"
            r"上午|下午|中午|解除|\b(until|till|hours?|minutes?|days?|o'clock|noon|midnight|tonight|tomorrow|all-clear|"
            r"\d+\s*(am|pm))\b",
            re.IGNORECASE,
        ),
    ),
)
HAZARDS: dict[Category, str] = {
    Category.water: r"水|water",
    Category.power: r"电|power|electric",
    Category.fire: r"火|烟|fire|smoke|burn",
    Category.gas: r"气|gas",
    Category.storm: r"风|雨|雷|雪|storm|wind|rain|snow|thunder",
    Category.flood: r"水|涝|淹|flood|water",
    Category.missing: r"走失|失踪|寻|missing|lost|look out",
    Category.epidemic: r".",  # a measure may be called anything
    Category.lift: r"梯|lift|elevator",
    Category.other: r".",
}


def left_out(plan: Plan, tag: str) -> tuple[Sentence, ...]:
    """In the order in which a text is best read; nothing while nothing was written."""
    said = f"{plan.headlines.get(tag, '')} {plan.bodies.get(tag, '')}"
    if not said.strip():
        return ()
    found = {part.words for part, sounds in SOUNDS if sounds.search(said)}
    if plan.source:
        found.add(SOURCE.words)
    if re.search(HAZARDS[plan.category], said, re.IGNORECASE):
        found.add(HAZARD.words)
    return tuple(part for part in (SOURCE, HAZARD, WHERE, DEED, UNTIL) if part.words not in found)
