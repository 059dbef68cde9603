"""What skills are about: the names people read, a picture for each, and where a list's own words belong."""

import re
from functools import cache, lru_cache

from app.features.skills.tables import Category, Reach
from app.kit.languages import NAMES, language
from app.kit.words import Sentence, say

# Names for the whole kind, without a skill's own word: the search knows them too, and 急救 is not every nurse.
LABELS: dict[Category, Sentence] = {
    Category.repairs: say("Repairs"),
    Category.hands: say("Hands-on help"),
    Category.health: say("Health"),
    Category.care: say("Care and company"),
    Category.teaching: say("Lessons"),
    Category.languages: say("Languages"),
    Category.digital: say("Electronics"),
    Category.paperwork: say("Paperwork and money"),
    Category.cooking: say("Cooking"),
    Category.transport: say("Getting about"),
    Category.nature: say("Pets and plants"),
    Category.arts: say("Arts and sport"),
    Category.other: say("Something else"),
}
ICONS: dict[Category, str] = {
    Category.repairs: "wrench",
    Category.hands: "scissors",
    Category.health: "heart-pulse",
    Category.care: "hand-heart",
    Category.teaching: "graduation-cap",
    Category.languages: "languages",
    Category.digital: "laptop",
    Category.paperwork: "scale",
    Category.cooking: "chef-hat",
    Category.transport: "car",
    Category.nature: "paw-print",
    Category.arts: "music",
    Category.other: "sparkles",
}
REACHES: dict[Reach, Sentence] = {
    Reach.building: say("In my building"),
    Reach.community: say("Anywhere in the community"),
    Reach.remote: say("By phone or message only"),
}

# Looked through from top to bottom: 修电脑 is digital before it is a repair, 狗 nature before 护理 is care.
TELLING: dict[Category, str] = {
    Category.digital: "电脑 编程 程序 网络 无人机 无线电 手机 打印机 智能 剪辑 软件 "
    "computer laptop phone program coding software website wifi network drone radio printer tech",
    Category.nature: "遛狗 狗 猫 宠物 喂 种菜 种花 园艺 养花 花草 修剪 "
    "dog cat pet garden gardening plant plants hedge hedges lawn mowing bees hens allotment vegetables walking",
    Category.health: "护士 医生 医 护理 急救 血压 心理 按摩 康复 中医 推拿 营养 药 针灸 "
    "nurse doctor medic first-aid health blood physio physiotherapist paramedic counselling therapist midwife",
    Category.languages: "英语 日语 法语 德语 韩语 俄语 西班牙语 外语 翻译 手语 口译 "
    "english french german spanish chinese mandarin welsh polish language languages translation translate interpreting",
    Category.care: "照看 看孩子 带孩子 带娃 接送孩子 保姆 月嫂 陪诊 陪护 陪伴 陪聊 老人 托管 "
    "childcare babysitting baby children elderly care carer company sitting befriending",
    Category.teaching: "教师 老师 辅导 家教 数学 语文 物理 化学 作业 补习 教 "
    "teacher teaching tutor tutoring maths homework lessons reading coach school",
    Category.paperwork: "会计 法律 律师 报税 税 财务 文书 打印 复印 代写 手续 公证 简历 "
    "accountant accounting law legal solicitor tax taxes forms paperwork printing photocopying bookkeeping cv letters",
    Category.cooking: "做饭 烹饪 厨 烘焙 面点 包饺子 饺子 包粽子 粽子 做菜 蛋糕 糕点 腌 "
    "cooking cook chef baking baker bread cake cakes jam catering",
    Category.transport: "开车 司机 接送 驾驶 拉货 货车 电动车接 跑腿 代购 取快递 快递 "
    "driving driver lift lifts van trailer car shopping errands",
    Category.hands: "搬 力气 搬家 扛 清洁 打扫 保洁 理发 缝纫 裁缝 缝 剪发 织 "
    "moving lifting carrying heavy cleaning haircuts haircut hairdresser hairdressing sewing knitting mending ladder",
    Category.repairs: "木工 电工 水管 漏水 水电 水暖 维修 修 焊 瓦工 油漆 装修 锁 家电 疏通 钳工 泥水 安装 "
    "carpenter carpentry woodwork electrician electrics electric plumber plumbing tap leak leaking pipe fix repair "
    "repairs decorating bike bicycle locksmith welding roofing diy joiner tiling boiler chainsaw",
    Category.arts: "书法 画 绘画 音乐 钢琴 二胡 吉他 唱歌 合唱 舞 摄影 手工 剪纸 戏 太极 棋 瑜伽 乐器 "
    "music piano guitar choir singing painting drawing photography dance yoga chess pottery crafts violin art",
}
LATIN = re.compile(r"[a-z]+(?:-[a-z]+)*")


@lru_cache(maxsize=2048)
def category_of(words: str) -> Category:
    """Where a list's own words, or a question's, most likely belong: Chinese by what stands in it, English by words.

    A list says the same few words thousands of times.
    """
    said = words.casefold().replace("first aid", "first-aid")
    latin = set(LATIN.findall(said))
    for category, telling in TELLING.items():
        if any(word in latin if word.isascii() else word in said for word in telling.split()):
            return category
    return Category.other


@cache
def in_every_language(category: Category) -> str:
    """For the search: whoever types 维修 or "repairs" finds everybody who repairs."""
    return " ".join(LABELS[category].spoken(language(tag)) for tag in NAMES)
