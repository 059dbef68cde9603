"""What the columns of a list are called, in the languages that lists are kept in."""

import re

from app.features.roster.rules.plain import plain
from app.kit.words import Sentence, say

HEADINGS = {
    "address": "房号 门牌 门牌号 房间号 地址 住址 房屋 房屋地址 住户 "
    "address unit home flat house household apartment door",
    "building": "楼栋 楼号 栋 栋号 幢 幢号 楼 building block",
    "entrance": "单元 单元号 entrance stair",
    "room": "室 室号 房间 room roomnumber",
    "name": "姓名 名字 业主 业主姓名 住户姓名 居民 居民姓名 name fullname resident neighbour neighbor",
    "first": "名 firstname givenname forename",
    "last": "姓 lastname surname familyname",
    "phone": "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 phone phonenumber mobile mobilenumber mobilephone "
    "telephone tel cell contact",
    "skills": "特长 技能 专长 爱好 能帮忙 skills skill talents canhelpwith",
    "needs": "备注 说明 需求 特殊需求 特殊情况 remarks remark needs need notes note specialneeds comments",
}
FIELDS = {heading: field for field, headings in HEADINGS.items() for heading in headings.split()}
WORDS: dict[str, Sentence] = {
    "address": say("Address, like 3-2-501"),
    "building": say("Building"),
    "entrance": say("Entrance"),
    "room": say("Room"),
    "name": say("Name"),
    "first": say("First name"),
    "last": say("Last name"),
    "phone": say("Phone"),
    "skills": say("What they can do"),
    "needs": say("Remarks and special needs"),
}
MOST_COLUMNS = 60


def fields_of(row: list[str]) -> tuple[str, ...]:
    """The field in each column, "" for those that we do not know. The first column that bears a heading keeps it."""
    fields: list[str] = []
    for cell in row[:MOST_COLUMNS]:
        field = FIELDS.get(re.sub(r"\(.*?\)|[\s*:：_.-]", "", plain(cell[:200]).casefold()), "")
        fields.append(field if field not in fields else "")
    return tuple(fields)


def are_enough(fields: tuple[str, ...]) -> bool:
    """Somebody, behind some door."""
    return bool({"name", "first", "last"} & set(fields)) and bool({"address", "room"} & set(fields))
