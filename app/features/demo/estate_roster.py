"""The list a committee would export from its spreadsheet: people made up from a fixed seed, dirt included."""

import csv
import io
from collections.abc import Iterator
from random import Random

from app.features.demo.places import Place, Who, listed

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟"
    "姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔"
)
OLDER = "国强建华志明玉兰秀英桂芳德福永贵素珍淑琴长海振东凤云春生庆丰世平"
YOUNGER = "子涵雨欣浩宇思远嘉怡梓晨一诺俊杰佳宁晓彤文博欣然明轩语桐天佑若溪"
SKILLS = listed(
    "木工/电工/水管维修/修自行车/修家电/护士/急救证/量血压/理发/缝纫/做饭/做面点/烘焙/退休教师/英语辅导/数学辅导/书法/唱歌/"
    "摄影/太极拳/照看孩子/陪诊/遛狗/种花草/开车接送/搬重物/修电脑/编程/无线电/会计/法律咨询/打印复印/日语翻译/"
    "木工 电工/做饭、烘焙",
    "/",
)
SHAPES = ((2, 11), (4, 6), (3, 6), (2, 18), (3, 18), (3, 6), (3, 7), (3, 6))
TOWER = (3, 18)
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
Row = list[str]


def roster(place: Place, more: int) -> bytes:
    """As GB18030. `more` people live in towers that stand behind the eight buildings."""
    # Made up for show, the same each time: nothing here is meant to be hard to guess.
    dice = Random("百川里")  # noqa: S311
    numbers = _phones()
    rows = list(_estate(place.who, dice, numbers))
    _dirty(rows, {who.name for who in place.who}, dice)
    rows += _towers(more, dice, numbers)
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([["房号", "姓名", "手机", "特长", "备注"], *rows])
    return out.getvalue().encode("gb18030")


def _estate(known: tuple[Who, ...], dice: Random, numbers: Iterator[str]) -> Iterator[Row]:
    at_home = {who.address: who for who in known}
    for building, (entrances, floors) in enumerate(SHAPES, 1):
        for door in _doors(building, entrances, floors):
            if who := at_home.get(door):
                yield [door, who.name, next(numbers), "", who.need]
            if dice.random() < 0.56:
                yield from _household(door, dice, numbers)


def _towers(more: int, dice: Random, numbers: Iterator[str]) -> list[Row]:
    rows: list[Row] = []
    building = len(SHAPES)
    while len(rows) < more:
        building += 1
        for door in _doors(building, *TOWER):
            rows += _household(door, dice, numbers)
    return rows[:more]


def _doors(building: int, entrances: int, floors: int) -> Iterator[str]:
    for entrance in range(1, entrances + 1):
        for floor in range(1, floors + 1):
            for door in range(1, 5):
                yield f"{building}-{entrance}-{floor}{door:02}"


def _household(door: str, dice: Random, numbers: Iterator[str]) -> Iterator[Row]:
    """One to four; the young ones bear a parent's name and have no phone."""
    family = dice.choice(SURNAMES)
    size = dice.choices((1, 2, 3, 4), (30, 35, 25, 10))[0]
    named: set[str] = set()
    for place in range(size):
        grown = place < 2
        name = dice.choice(SURNAMES) if place == 1 else family
        name += "".join(dice.sample(OLDER if grown else YOUNGER, dice.choice((1, 2, 2))))
        phone = next(numbers) if grown and dice.random() < 0.93 else ""
        skill = dice.choice(SKILLS) if grown and dice.random() < 0.4 else ""
        need = _need(grown, size == 1, dice)
        if name not in named:
            yield [door, name, phone, skill, need]
        named.add(name)


def _need(grown: bool, alone: bool, dice: Random) -> str:
    if dice.random() > 0.17:
        return ""
    if not grown:
        return "婴儿"
    return dice.choice(("独居老人", "独居老人", "独居老人 轮椅") if alone else ("轮椅", "透析", "听力不好"))


def _phones() -> Iterator[str]:
    """All different, in a block that no network hands out: nobody's real phone rings."""
    return (f"1540{number * 7919 % 10_000_000:07}" for number in range(1, 10_000_000))


def _dirty(rows: list[Row], spared: set[str], dice: Random) -> None:
    """What spreadsheets and copying do to a list. Those with a story keep their phone."""
    for row in rows:
        building, entrance, door = row[0].split("-")
        row[0] = dice.choices(
            (row[0], f"{building}栋{entrance}单元{door}室", row[0].translate(FULL_WIDTH)), (94, 3, 3)
        )[0]
        if row[2] and dice.random() < 0.04:
            row[2] = f"+86 {row[2][:3]} {row[2][3:7]} {row[2][7:]}"
        if dice.random() < 0.012:
            row[1] = f" {row[1]}\u3000"
    for row in dice.sample([row for row in rows if row[2].isdigit() and row[1] not in spared], 12):
        row[2] = dice.choice((f"{int(row[2]):.5E}", row[2][:-1]))
    for row in dice.sample(rows, 13):
        rows.insert(dice.randrange(len(rows)), list(row))
    for _ in range(5):
        rows.insert(dice.randrange(len(rows)), [""] * 5)
