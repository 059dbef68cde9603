"""Things for a house in which somebody lives: `python -m bench.kit.things MANY` puts so many on its sharing board, each
with a photo (forty, linked many times), and lends them: a third is with somebody now, others before and after.
"""

import asyncio
import json
import os
import random
import secrets
import sys
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

from app.config import settings
from app.db import close_database, open_database
from app.features.people.tables import Person
from app.features.sharing import rules
from app.features.sharing.tables import Category
from app.kit.clock import now
from app.kit.drawing import draw
from bench.kit.rooms import put

ZONE = ZoneInfo("Asia/Shanghai")  # of bench.kit.settling
PHOTOS, LOANS = 40, 4
# A name belongs to a category, whichever language it is in.
NAMES = {
    "tools": "电钻 人字梯 扳手 卷尺 水平仪 热熔枪 drill ladder spanner saw sander multimeter",
    "garden": "铲子 喷壶 剪枝刀 hedge-trimmer spade wheelbarrow",
    "kitchen": "电饭煲 大蒸锅 烤箱 面条机 rice-cooker steamer waffle-iron juicer",
    "household": "吸尘器 缝纫机 熨斗 vacuum sewing-machine steam-iron",
    "furniture": "折叠桌 折叠椅 行军床 folding-table stool camp-bed",
    "electronics": "投影仪 音箱 打印机 projector loudspeaker label-printer",
    "children": "婴儿车 安全座椅 积木 pram car-seat playpen",
    "aids": "轮椅 拐杖 坐便椅 wheelchair crutches walker",
    "sport": "羽毛球拍 乒乓球桌 帐篷 badminton tent sledge",
    "party": "彩灯 气球泵 麦克风 bunting gazebo punch-bowl",
    "transport": "平板车 自行车 打气筒 handcart bicycle roof-rack",
    "clothes": "礼服 西装 汉服 suit gown raincoat",
    "safety": "手电筒 发电机 水桶 torch generator canister",
    "other": "望远镜 放大镜 地球仪 telescope magnifier globe",
}
KINDS = ("旧", "新", "大", "小", "轻便", "结实", "old", "new", "large", "small", "light", "sturdy", "wooden", "spare")
SAID = (
    "周末用得多，平时都空着。",
    "用完擦干净就好。",
    "说明书在袋子里。",
    "有点重，最好两个人来搬。",
    "Rarely used on weekdays.",
    "The manual is in the bag.",
    "Rather heavy, come with a friend.",
    "Works well, the handle is a little loose.",
)


def photos() -> list[tuple[bytes, bytes]]:
    """(large, small), drawn as an upload is."""
    drawn = []
    for n in range(PHOTOS):
        picture = BytesIO()
        Image.effect_noise((640, 480), 40 + n).convert("RGB").save(picture, "JPEG")
        found = draw(picture.getvalue())
        drawn.append((found.large, found.small))
    return drawn


def link(tokens: list[str]) -> None:
    """The files of the first forty, under everybody's names."""
    folder = settings().data / "uploads"
    for nth, kept in enumerate(photos()):
        some = tokens[nth::PHOTOS]
        for end, content in zip(("", ".small"), kept, strict=True):
            first = None
            for token in some:
                path = folder / token[:2] / f"{token}{end}.webp"
                path.parent.mkdir(parents=True, exist_ok=True)
                if first is None:
                    path.write_bytes(content)
                    first = path
                else:
                    os.link(first, path)


def an_item(nth: int, chance: random.Random, people: int, buildings: int, moment: datetime) -> dict[str, Any]:
    category = chance.choice(list(Category))
    owner = chance.randrange(people)
    name = f"{chance.choice(KINDS)} {chance.choice(NAMES[category].split())}"
    return {
        "id": nth, "kind": "give" if chance.random() < 0.1 else "lend", "name": name,
        "about": " ".join(chance.sample(SAID, 3)), "lang": "zh-Hans" if name[-1] > "\u3000" else "en",
        "category": category, "condition": "broken" if chance.random() < 0.02 else "good",
        "parts": json.dumps(chance.sample(["case", "盒子", "cable", "充电器", "strap"], 2), ensure_ascii=False),
        "fetch": "", "longest": 21, "gap": chance.choice((0, 0, 1)), "deposit": "",
        "emergency": category == Category.safety or chance.random() < 0.05,
        "audience": "building" if chance.random() < 0.2 else "community", "area": owner * buildings // people + 1,
        "person": owner + 1, "policy": "owner", "capability": "", "first_come": True,
        "label": secrets.token_urlsafe(32), "state": "paused" if chance.random() < 0.02 else "offered",
        "before": "offered", "by": owner + 1, "made_at": moment - timedelta(minutes=nth),
    }  # fmt: skip


def loans_of(item: dict[str, Any], chance: random.Random, people: int, today: date) -> list[dict[str, Any]]:
    """One after the other, with days between them; the third item of any is with somebody today."""
    if item["kind"] == "give":
        return []
    begins, made = today - timedelta(days=40 + chance.randrange(20)), []
    for _ in range(LOANS):
        last = begins + timedelta(days=chance.randint(3, 12))
        stage = "back" if last < today else "out" if begins <= today else "accepted"
        moment = datetime.combine(begins, datetime.min.time(), ZONE)
        made.append({
            "item": item["id"], "borrower": chance.randrange(people) + 1, "first_on": begins, "last_on": last,
            "due_on": last, "words": "", "lang": "en", "stage": stage, "stage_at": moment, "asked_at": moment,
            "reason": "", "condition_out": "", "condition_back": "", "parts_out": "[]", "parts_back": "[]",
            "damage": "", "renewals": 0, "thanks": "", "owner_prolongs": False, "borrower_prolongs": False,
        })  # fmt: skip
        begins = last + timedelta(days=chance.randint(2, 28))
    return made


async def fill(many: int) -> dict[str, int]:
    chance, moment, people = random.Random(8), now(), await Person.count()
    today, buildings = moment.astimezone(ZONE).date(), people // 50
    items = [an_item(nth, chance, people, buildings, moment) for nth in range(1, many + 1)]
    lent = [loan for item in items for loan in loans_of(item, chance, people, today)]
    lent = [{"id": nth, **loan} for nth, loan in enumerate(lent, 1)]
    gaps = {item["id"]: item["gap"] for item in items}
    taken = [
        (f"item:{loan['item']}", 0, day, f"loan:{loan['id']}")
        for loan in lent
        if loan["stage"] in ("out", "accepted")
        for day in range(loan["first_on"].toordinal(), loan["due_on"].toordinal() + gaps[loan["item"]] + 1)
    ]
    tokens = [secrets.token_urlsafe(32) for _ in items]
    kept = [
        (token, 0, f"/share/{item['id']}", item["name"], 640, 480, moment)
        for token, item in zip(tokens, items, strict=True)
    ]
    await put("items", list(items[0]), [tuple(each.values()) for each in items])
    await put("loans", list(lent[0]), [tuple(each.values()) for each in lent])
    await put("slots", ["thing", "unit", "slot", "owner"], taken)
    await put("pictures", ["token", "owner", "page", "words", "width", "height", "at"], kept)
    link(tokens)
    await rules.index_items(item["id"] for item in items)
    return {"items": len(items), "loans": len(lent), "days": len(taken)}


async def main(many: int) -> dict[str, int]:
    await open_database()
    try:
        return await fill(many)
    finally:
        await close_database()


if __name__ == "__main__":
    json.dump(asyncio.run(main(int(sys.argv[1]))), sys.stdout)
