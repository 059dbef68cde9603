"""Where something belongs, by the words in which somebody looks for it or offers it."""

import re
from functools import lru_cache

from app.features.sharing.tables import Category

# Looked through from top to bottom: 儿童自行车 is for children before it is a bicycle, 露营灯 gives light before sport.
TELLING: dict[Category, str] = {
    Category.aids: "轮椅 拐杖 助行 护理床 坐便椅 制氧 雾化 血压计 助听 担架 "
    "wheelchair crutch crutches walker rollator commode hoist oxygen nebuliser stretcher",
    Category.safety: "手电 应急灯 头灯 露营灯 蜡烛 充电宝 发电机 应急电源 水桶 储水 净水 灭火 急救箱 急救包 "
    "对讲机 收音机 沙袋 抽水 "
    "torch torches flashlight lantern candle candles powerbank generator extinguisher first-aid walkie radio sandbags "
    "pump jerrycan canister",
    Category.children: "婴儿 宝宝 儿童 童车 童装 玩具 绘本 奶瓶 安全座椅 学步 尿布 摇篮 积木 "
    "baby child children kids pram pushchair stroller buggy cot crib toy toys highchair lego nappies",
    Category.tools: "电钻 钻 锤 锯 螺丝 扳手 钳 梯 卷尺 工具 打磨 热熔胶 焊 水平仪 千斤顶 "
    "drill hammer saw screwdriver spanner wrench pliers ladder tool tools sander jack tape-measure staple soldering",
    Category.garden: "花盆 花 园艺 种菜 铲 浇 割草 修枝 肥 土 种子 花架 "
    "garden plant plants spade shovel rake mower hose pot pots compost seeds shears trellis",
    Category.kitchen: "锅 碗 盘 杯 烤箱 榨汁 料理 搅拌 蒸笼 电饭 厨 刀 打蛋 咖啡 面包机 模具 "
    "pan pot-lid oven juicer blender mixer cooker kettle plates bowls cups knife baking cake-tin waffle raclette "
    "kitchen coffee",
    Category.party: "帐篷 投影 音响 桌布 装饰 气球 彩灯 折叠椅 折叠桌 幕布 麦克风 烧烤 "
    "party projector speaker speakers microphone tablecloth balloons bunting gazebo marquee barbecue screen",
    Category.transport: "推车 手推 拖车 自行车 电动车 三轮 行李车 头盔 打气筒 车架 "
    "cart trolley trailer bike bicycle scooter hand-truck helmet roof-rack bike-pump",
    Category.sport: "球 羽毛球 乒乓 滑 露营 睡袋 登山 瑜伽 棋 桌游 麻将 渔 哑铃 "
    "ball badminton racket ski skis sledge camping tent sleeping-bag rucksack yoga chess games game cards fishing "
    "dumbbells",
    Category.electronics: "电脑 显示器 打印 扫描 手机 相机 充电器 数据线 路由 转换 键盘 电视 平板 转接 "
    "computer laptop monitor printer scanner phone camera charger cable adapter router keyboard television tv tablet",
    Category.furniture: "床 桌 椅 柜 沙发 书架 床垫 凳 茶几 "
    "bed table chair chairs wardrobe sofa shelf shelves mattress desk stool cupboard armchair",
    Category.clothes: "衣 裤 裙 鞋 帽 西装 礼服 外套 校服 "
    "clothes coat jacket dress suit shoes boots hat costume uniform shirt trousers",
    Category.household: "吸尘 洗 熨 缝纫 清洁 风扇 取暖 加湿 除湿 晾 收纳 箱 打包 "
    "vacuum hoover iron sewing cleaner carpet fan heater humidifier dehumidifier boxes suitcase steamer mop",
}
LATIN = re.compile(r"[a-z]+(?:-[a-z]+)*")
TOGETHER = ("first aid", "power bank", "tape measure", "sleeping bag", "hand truck", "roof rack")


@lru_cache(maxsize=512)
def category_of(words: str) -> Category:
    """Chinese by what stands in it, English by its words, one or many."""
    said = words.casefold()
    for pair in TOGETHER:
        said = said.replace(pair, pair.replace(" ", "" if pair == "power bank" else "-"))
    latin = set(LATIN.findall(said))
    latin |= {word[:-1] for word in latin if word.endswith("s")}
    for category, telling in TELLING.items():
        if any(word in latin if word.isascii() else word in said for word in telling.split()):
            return category
    return Category.other
