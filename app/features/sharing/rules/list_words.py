"""What the columns of a list of things are called, and what stands in them, in the languages that lists are kept in."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from app.features.roster.rules.plain import plain
from app.features.sharing.rules.words import CATEGORIES, CONDITIONS
from app.features.sharing.tables import Category, Condition
from app.kit.languages import NAMES, language
from app.kit.words import Sentence, say

MOST_COLUMNS = 60
Each = TypeVar("Each", bound=StrEnum)
NAME, CATEGORY, ABOUT, CONDITION, PARTS, FETCH = "name", "category", "about", "condition", "parts", "fetch"
LONGEST, GAP, DEPOSIT, EMERGENCY, KEEPERS = "longest", "gap", "deposit", "emergency", "keepers"
WORDS: dict[str, Sentence] = {
    NAME: say("Name of the thing"),
    CATEGORY: say("Category"),
    ABOUT: say("About it"),
    CONDITION: say("Condition"),
    PARTS: say("What belongs to it"),
    FETCH: say("Where to fetch it"),
    LONGEST: say("Longest loan in days"),
    GAP: say("Days between two loans"),
    DEPOSIT: say("Deposit"),
    EMERGENCY: say("Useful in an emergency"),
    KEEPERS: say("Keepers"),
}
HEADINGS = {
    NAME: "name 名称 物品 物品名称 品名 名字 item itemname title thing what",
    CATEGORY: "类别 分类 类型 种类 kind type",
    ABOUT: "说明 描述 介绍 备注 简介 about description notes note details remarks",
    CONDITION: "状况 成色 新旧 状态 完好程度 state",
    PARTS: "配件 附件 随附 清单 parts accessories checklist includes",
    FETCH: "存放地点 存放处 位置 地点 领取地点 where place location pickup stored",
    LONGEST: "最长天数 最长借期 借期 借用天数 longest days maxdays longestloan loandays",
    GAP: "间隔 间隔天数 gap buffer pause",
    DEPOSIT: "押金 deposit",
    EMERGENCY: "应急 应急物资 应急可用 emergency",
    KEEPERS: "管理员 管理人 保管人 负责人 经手人 keeper responsible contact",
}
MORE_CATEGORIES = {
    Category.tools: "工具 五金 tool",
    Category.garden: "园艺 阳台 花草 gardening balcony",
    Category.kitchen: "厨房 厨具 炊具 cooking",
    Category.household: "家居 日用 家用 home cleaning",
    Category.furniture: "家具 桌椅 tables chairs",
    Category.electronics: "电器 电子 数码 电子产品 electronic electrical",
    Category.children: "儿童 母婴 玩具 kids toys baby",
    Category.aids: "辅具 轮椅 康复 无障碍 wheelchairs aid mobility",
    Category.sport: "体育 运动 游戏 棋牌 sports games",
    Category.party: "活动 聚会 音响 parties events",
    Category.transport: "推车 自行车 交通 运输 carts bicycles bikes",
    Category.clothes: "衣物 服装 衣服 clothing",
    Category.safety: "应急 安全 照明 供水 发电 light power water",
    Category.other: "其他 其它 杂项 misc others",
}
MORE_CONDITIONS = {
    Condition.new: "全新 新 九成新 likenew mint",
    Condition.good: "完好 良好 好 正常 ok fine",
    Condition.worn: "旧 旧但能用 有磨损 一般 used old fair",
    Condition.broken: "坏 损坏 已坏 待修 damaged defective",
}
YES, NO = say("yes"), say("no")
MORE_YES = frozenset(["是", "有", "对", "√", "✓", "✔", "y", "yes", "x", "1", "true"])
MORE_NO = frozenset(["否", "无", "没有", "不", "×", "n", "no", "0", "false", "-"])


def key(cell: str) -> str:
    """As it is compared, however it was typed."""
    return re.sub(r"\(.*?\)|[\s*:：_.,，、/-]", "", plain(cell[:200])).casefold()


def _in_every_language(sentence: Sentence) -> set[str]:
    return {key(sentence.spoken(language(tag))) for tag in NAMES}


def _known(words: Mapping[Each, Sentence], more: Mapping[Each, str]) -> dict[str, Each]:
    """Each by its own name, by what our pages call it in every language, and by what else people write."""
    found: dict[str, Each] = {}
    for each, sentence in words.items():
        for word in {each.value, *_in_every_language(sentence), *more[each].split()}:
            found.setdefault(word, each)
    return found


CATEGORY_OF = _known(CATEGORIES, MORE_CATEGORIES)
CONDITION_OF = _known(CONDITIONS, MORE_CONDITIONS)
FIELD_OF = {
    heading: field
    for field, headings in HEADINGS.items()
    for heading in {field, *_in_every_language(WORDS[field]), *headings.split()}
}


def fields_of(row: list[str]) -> tuple[str, ...]:
    """The field in each column, "" for those that we do not know. The first column that bears a heading keeps it."""
    fields: list[str] = []
    for cell in row[:MOST_COLUMNS]:
        field = FIELD_OF.get(key(cell), "")
        fields.append(field if field not in fields else "")
    return tuple(fields)
