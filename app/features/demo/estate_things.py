"""What the neighbours of the estate lend, give away and look for these weeks."""

from app.features.demo.things import Looked, Shared, Things, Went
from app.features.sharing.rules import Offer
from app.features.sharing.tables import Audience, Condition, Kind, Policy, Stage
from app.features.sharing.tables import Category as C

LEND, GIVE = Kind.lend, Kind.give

THINGS = Things(
    shared=(
        Shared(
            Offer(
                LEND, "铝合金人字梯", about="两米八，换灯、擦窗都够高。搬的时候小心电梯门。", category=C.tools,
                parts=("梯子", "防滑脚套两个"), fetch="6 号楼一层楼梯间，先打声招呼", longest=5, gap=1, emergency=True,
            ),
            "王建国", photo="ladder", shows="一架打开的铝合金人字梯靠墙立着",
            went=(
                Went("许文", Stage.back, -15, 3, "换客厅的灯", damage="一个脚套松了，已经拧紧",
                    thanks="省得我再买一架，太好用了"),
                Went("林秀兰", Stage.out, -2, 4, "擦窗户"),
                Went("方晴", Stage.accepted, 5, 2, "挂画"),
                Went("唐丽", Stage.asked, 9, 2, "换灯管"),
            ),
        ),
        Shared(
            Offer(
                LEND, "冲击钻，带一盒钻头", about="钻承重墙也行。第一次用的话我教你。", category=C.tools,
                parts=("冲击钻", "钻头 12 支", "深度尺", "护目镜"), fetch="晚上七点以后，5 号楼门口", longest=3, gap=1,
                policy=Policy.capability, capability="orientation",
            ),
            "陈立", photo="drill", shows="一把绿色的冲击钻",
            went=(
                Went("吴晓", Stage.out, -9, 3, "装书架"),
                Went("许文", Stage.asked, 3, 2, "装窗帘杆"),
            ),
        ),
        Shared(
            Offer(
                LEND, "四人帐篷", about="搭起来十分钟，说明书在袋子里。", category=C.sport,
                parts=("外帐", "内帐", "撑杆 6 根", "地钉 14 个"), longest=7, gap=2, deposit="押金 200 元，完好退还",
            ),
            "孙浩", photo="tent", shows="一顶蓝色的四人帐篷",
            went=(
                Went("彭玉", Stage.accepted, 6, 3, "去水库边露营"),
                Went("许文", Stage.asked, 6, 3, "孩子第一次露营", waits=True),
                Went("方晴", Stage.asked, 7, 2, waits=True),
            ),
        ),
        Shared(
            Offer(
                LEND, "二十人份大汤锅", about="不锈钢的，包饺子、办席面都用过。", category=C.kitchen,
                parts=("锅", "锅盖", "长柄勺"), fetch="下午在家，敲门就行", longest=4,
            ),
            "林秀兰", photo="pot", shows="一口带盖的红色大汤锅",
            went=(
                Went("苏梅", Stage.back, -12, 2, "家里来客", thanks="一锅煮了三十碗馄饨，大家都说香"),
                Went("何静", Stage.asked, 4, 2, "科室聚餐"),
            ),
        ),
        Shared(
            Offer(
                LEND, "毛线棒针一整套", about="2.5 到 8 毫米，竹的。", category=C.household,
                policy=Policy.at_once, longest=30,
            ),
            "林秀兰", home=True,
            went=(Went("郑伯年", Stage.declined, 1, 5, "给孙女织围巾", reason="这周我自己要用，下周一定"),),
        ),
        Shared(
            Offer(
                LEND, "轮椅，可折叠", about="我妈用过的，坐垫是新的。刹车试过了。", category=C.aids,
                condition=Condition.good,
                parts=("轮椅", "坐垫", "脚踏板两块"), longest=60, emergency=True,
            ),
            "何静", went=(Went("赵明德", Stage.back, -18, 10, "膝盖手术以后", thanks="帮了大忙，坐垫洗干净了"),),
        ),
        Shared(
            Offer(
                LEND, "充电强光手电四支", about="停电的时候先紧着独居的老人。", category=C.safety, longest=7,
                emergency=True,
                parts=("手电四支", "充电器"),
            ),
            "高志远", photo="torch", shows="一支亮着的强光手电", ours=True, keepers=("马强", "唐丽"),
            went=(Went("郭玉珍", Stage.out, -3, 2, "楼道灯坏了"),),
        ),
        Shared(
            Offer(
                LEND, "应急发电机，两千瓦", about="加的是 92 号汽油，只能在室外开。借之前我来教一次。",
                category=C.safety,
                policy=Policy.owner, longest=3, gap=1, emergency=True, parts=("发电机", "油桶", "拖线板"),
            ),
            "高志远", ours=True, keepers=("陈立",),
        ),
        Shared(
            Offer(
                LEND, "折叠椅三十把", about="办活动用。按十把一捆放着。", category=C.party,
                parts=("折叠椅 30 把", "推车"),
                fetch="2 号楼一层书屋旁边的储藏间", longest=3, gap=1,
            ),
            "沈书雅", photo="chairs", shows="三把木头折叠椅摆成一排", ours=True, keepers=("周敏",),
            went=(
                Went("郑伯年", Stage.back, -8, 1, "太极队聚会", damage="一把椅子的铆钉掉了"),
                Went("许文", Stage.accepted, 4, 1, "孩子十岁生日"),
            ),
        ),
        Shared(
            Offer(LEND, "投影幕布，两米", category=C.electronics, about="挂钩和三脚架都有。", longest=3),
            "吴晓", went=(Went("方晴", Stage.out, -1, 2, "放露天电影"),),
        ),
        Shared(
            Offer(LEND, "大号行李箱，28 寸", category=C.other, condition=Condition.worn, longest=20), "苏梅",
            went=(Went("Anna Keller", Stage.back, -16, 8, "A week in Chengdu", thanks="It came all the way with me"),),
        ),
        Shared(
            Offer(LEND, "手推平板车", about="搬冰箱、搬书都行，限重 150 公斤。", category=C.transport,
            policy=Policy.at_once, longest=2),
            "马强", broke="一个轮子裂了，推起来歪",
            went=(Went("罗一鸣", Stage.back, -4, 1, "搬书", damage="右前轮裂了一道"),),
        ),
        Shared(
            Offer(LEND, "婴儿洗澡盆和浴温计", category=C.children, longest=60, audience=Audience.building),
            "唐丽", paused=True
        ),
        Shared(
            Offer(
                LEND, "Balcony tool set", about="Trowel, shears, a small saw and gloves in two sizes.",
                category=C.garden,
                parts=("Trowel", "Shears", "Small saw", "Gloves, two pairs"), longest=7,
            ),
            "Anna Keller", went=(Went("林秀兰", Stage.asked, 2, 3, "给月季换盆"),),
        ),
        Shared(
            Offer(
                LEND, "Raclette grill for eight", about="220 V, comes with the little pans.", category=C.kitchen,
                parts=("Grill", "Eight pans", "Eight spatulas"), longest=3, gap=1,
            ),
            "Anna Keller", photo="pot", shows="A red pot that stands in for the grill",
        ),
        Shared(Offer(LEND, "羽毛球拍四支", category=C.sport, policy=Policy.at_once, longest=7), "孙浩", home=True),
        Shared(Offer(LEND, "汉服两套，女孩 120 码", category=C.clothes, longest=5, deposit="洗干净还就行"), "方晴"),
        Shared(
            Offer(GIVE, "婴儿推车", about="孩子大了用不上。刹车、遮阳篷都好的。", category=C.children,
            first_come=False),
            "许文", photo="pram", shows="一辆蓝色的婴儿推车", stands=12,
            went=(Went("彭玉", Stage.asked, words="姐姐下个月生"), Went("苏梅", Stage.asked, words="给我外甥女")),
        ),
        Shared(
            Offer(GIVE, "孩子的自行车，16 寸", about="辅助轮还在。车闸紧过了。", category=C.transport,
            condition=Condition.worn),
            "罗一鸣", photo="bicycle", shows="一辆红色的小自行车", stands=20,
        ),
        Shared(Offer(GIVE, "绿萝分株，十来盆", category=C.garden, about="自己带袋子来。"), "彭玉", stands=6),
        Shared(
            Offer(GIVE, "旧课本和绘本一箱", category=C.children, condition=Condition.worn), "唐丽", stands=10,
            went=(Went("沈书雅", Stage.given, words="放到书屋去"),),
        ),
        Shared(Offer(GIVE, "Two bookshelves, pine", category=C.furniture, about="You carry them down."),
        "Anna Keller", stands=9),
    ),
    looked=(
        Looked(
            "林秀兰", "一口大蒸笼", "周六包包子，两层就够，用完洗净送回。", C.kitchen, begins=3,
            has=(("苏梅", "我家有三层的，就是有点旧"),),
        ),
        Looked("吴晓", "一台缝纫机，用一个晚上", "给读书会缝几个书袋。", C.household),
        Looked("Anna Keller", "A cot for a visiting baby", "My sister comes for ten days.", C.children, begins=8),
    ),
)  # fmt: skip
