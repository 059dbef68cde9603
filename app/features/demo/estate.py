"""百川里: an estate of eight buildings, and some who live there."""

from app.features.demo.estate_alerts import ALARMED, LIFELINES
from app.features.demo.estate_board import ANNOUNCED, COMPLAINED
from app.features.demo.estate_events import EVENTS
from app.features.demo.estate_homes import HOMES
from app.features.demo.estate_needs import NEEDS
from app.features.demo.estate_rooms import ROOMS
from app.features.demo.estate_roster import roster
from app.features.demo.estate_things import THINGS
from app.features.demo.families import Family
from app.features.demo.places import Asked, Came, Can, Place, Who
from app.features.people.tables import Kind
from app.features.skills.tables import Category as C
from app.features.skills.tables import Reach

WHO = (
    Who(
        "周敏", "1-1-101", language="zh-Hans", role=Kind.administrator, signs_in="administrator",
        can=(
            Can(
                "办证、填表、跑手续", C.paperwork,
                "在居委会做了八年，社保、居住证、老年卡的流程都熟。", "工作日白天",
            ),
        ),
    ),
    Who(
        "高志远", "4-2-602", language="zh-Hans", role=Kind.coordinator, signs_in="coordinator",
        can=(
            Can(
                "急救：心肺复苏、包扎", C.health,
                "红十字会救护员，证书有效。楼里的除颤仪我每月检查一次。", "随时", True,
            ),
            Can("业余无线电", C.digital, "停电断网的时候，对讲机还能用。家里有四台备用。", "", True),
        ),
    ),
    Who(
        "沈书雅", "2-1-302", language="zh-Hans", role=Kind.space_manager, signs_in="space_manager",
        can=(Can("给孩子讲绘本", C.teaching, "每周六在书屋讲，三到七岁的小朋友都可以来。", "周六上午"),),
    ),
    Who(
        "林秀兰", "3-2-501", language="zh-Hans", signs_in="resident",
        can=(
            Can("包饺子、擀皮", C.cooking, "北方口味，荤素都行。愿意手把手地教。", "下午两点以后"),
            Can("织毛衣、补毛衣", C.hands, "破洞、脱线都能补，毛线自备就好。"),
        ),
    ),
    Who(
        "王建国", "6-2-402", language="zh-Hans",
        can=(
            Can(
                "木工：柜门、桌椅、搁板", C.repairs,
                "干了三十年木工，工具齐全。小活不收钱，材料自备就行。", "周末", True,
            ),
        ),
    ),
    Who(
        "陈立", "5-1-803", language="zh-Hans",
        can=(
            Can(
                "电工：换灯、查线路、修插座", C.repairs,
                "持证电工。动总闸之前先叫我看一眼，安全第一。", "晚上七点以后", True,
            ),
        ),
    ),
    Who(
        "何静", "3-1-204", language="zh-Hans",
        can=(
            Can(
                "护士：量血压、换药、看体检单", C.health,
                "市三院心内科，倒班，不当班的时候都可以找我。", "", True,
            ),
        ),
    ),
    Who(
        "吴晓", "8-1-301", language="zh-Hans",
        can=(
            Can(
                "手机、电脑、路由器", C.digital,
                "写程序的。教老人用手机有耐心，可以慢慢来。", "周末和晚上", reach=Reach.remote,
            ),
        ),
    ),
    Who(
        "赵明德", "7-2-502", language="zh-Hans", steward_of="7",
        can=(Can("辅导初中数学", C.teaching, "教了四十年书，退休了手还痒。孩子愿意学就行。", "放学以后"),),
    ),
    Who(
        "马强", "1-2-703", language="zh-Hans", steward_of="1",
        can=(Can("开车接送老人看病", C.transport, "七座车，轮椅折起来放得下。提前一天说一声。", "", True),),
    ),
    Who(
        "苏梅", "5-2-1104", language="zh-Hans", steward_of="5",
        can=(Can("理发，可以上门", C.hands, "开过二十年理发店。腿脚不方便的邻居，我带着工具上门。", "周一、周三"),),
    ),
    Who(
        "Anna Keller", "7-1-301", language="en",
        can=(
            Can(
                "English conversation", C.languages,
                "Over tea, at my kitchen table. All levels, no homework.", "Evenings",
            ),
            Can("Baking sourdough bread", C.cooking, "I share my starter with anybody who will feed it."),
        ),
    ),
    Who(
        "罗一鸣", "2-3-101", language="zh-Hans",
        can=(Can("修自行车、补胎", C.repairs, "楼下车棚里有全套工具，补胎十分钟。", "周日全天"),),
    ),
    Who(
        "唐丽", "4-1-904", language="zh-Hans", steward_of="4",
        can=(Can("临时照看孩子", C.care, "幼儿园老师，家里有小滑梯。加班来不及接孩子，找我。", "下午四点到八点"),),
    ),
    Who(
        "郑伯年", "3-2-302", language="zh-Hans", steward_of="3",
        can=(Can("书法、写春联", C.arts, "腊月里每天上午在活动室写，红纸我来备。"),),
    ),
    Who(
        "彭玉", "6-1-201", language="zh-Hans", steward_of="6",
        can=(Can("遛狗、喂猫", C.nature, "出差、住院都放心交给我，每天发照片。", "早晚各一次"),),
    ),
    Who(
        "孙浩", "8-2-602", language="zh-Hans", steward_of="8",
        can=(Can("水管、龙头、马桶", C.repairs, "半夜爆管也可以打给我，先关总阀。", "随时", True),),
    ),
    Who(
        "许文", "2-2-403", language="zh-Hans", steward_of="2",
        can=(Can("法律咨询：合同、租房、继承", C.paperwork, "执业律师，邻里之间先讲情再讲理，咨询不收费。"),),
    ),
    Who("郭玉珍", "3-2-102", language="zh-Hans", need="独居老人"),
    Who(
        "方晴", "3-2-601", language="zh-Hans",
        can=(Can("陪孩子练钢琴", C.arts, "音乐老师，家里钢琴可以借着练。", "周末上午"),),
    ),
)  # fmt: skip

ASKED = (
    Asked(
        "林秀兰", "厨房柜门的合页松了，怎么都关不严，能来帮我看看吗？", 19,
        of="王建国", skill="木工：柜门、桌椅、搁板",
        times="上午都在家", accepted=True, done=True, thanks="柜门又稳又顺，王师傅还顺手把抽屉也修好了。谢谢您！",
    ),
    Asked(
        "Anna Keller", "I would love to learn how to fold dumplings properly. May I come up on Sunday?", 16,
        of="林秀兰", skill="包饺子、擀皮", accepted=True, done=True,
        thanks="My best Sunday since I moved in. My dumplings only leaked a little.",
    ),
    Asked(
        "郑伯年", "降压药换了新的，想请您帮我量几天血压，记个数。", 12,
        of="何静", skill="护士：量血压、换药、看体检单",
        accepted=True, done=True, thanks="何护士连着五天上来量血压，还给我画了张表。心里踏实了。",
    ),
    Asked(
        "赵明德", "周四上午要去市三院复查，能不能搭您的车？", 9, of="马强", skill="开车接送老人看病",
        accepted=True, done=True, thanks="一路送到诊室门口，又等着接我回来。有这样的邻居是福气。",
    ),
    Asked(
        "苏梅", "卫生间龙头夜里一直滴水，垫圈我买好了。", 6, of="孙浩", skill="水管、龙头、马桶",
        accepted=True, done=True, thanks="十分钟就不滴了，水费省下来请你喝茶！",
    ),
    Asked(
        "林秀兰", "想和成都的外孙视频，手机总说内存不够，您能教教我怎么清吗？", 1.2,
        of="吴晓", skill="手机、电脑、路由器",
        times="这两天晚上都行", accepted=True,
    ),
    Asked(
        "唐丽", "周五幼儿园办饺子课，想请您来教孩子们擀皮，可以吗？", 0.4, of="林秀兰", skill="包饺子、擀皮",
        times="周五下午三点",
    ),
    Asked(
        "许文", "客厅的灯一闪一闪的，换了灯泡还是闪，麻烦您来看看。", 0.9,
        of="陈立", skill="电工：换灯、查线路、修插座",
        times="今天晚上", proposed="今晚值班，明晚七点半可以吗？",
    ),
    Asked(
        "罗一鸣", "想请您给车棚写块牌子：“借了工具请还回来”。", 3, of="郑伯年", skill="书法、写春联",
        declined="这两天手腕疼，月底再给你写。",
    ),
    Asked(
        "彭玉", "周六上午有谁能搭把手，把一张旧沙发从六号楼抬到楼下？", 0.6, category=C.transport, times="周六九点",
    ),
    Asked(
        "周敏", "月底想请七十岁以上的邻居到活动室理发，会理发的邻居愿意来半天吗？", 0.2, category=C.hands,
        times="月底的一个上午",
    ),
)  # fmt: skip

CAME = (
    Came("宋雨", "3-1-302", "3", "song.yu@example.org", 2, "林秀兰", "一起跳广场舞的，上个月刚搬来。", "zh-Hans"),
    Came("Miguel Torres", "3-2-404, with the Fangs", "3", "miguel@example.org", 0.3),
)

ESTATE = Place(
    name="百川里",
    languages=("zh-Hans", "en"),
    zone="Asia/Shanghai",
    region="CN",
    area_kinds=("building", "entrance", "floor"),
    basis="演示数据：名册里的人都是编出来的",
    roster=roster,
    who=WHO,
    asked=ASKED,
    homes=HOMES,
    family=Family("林小雨", "林秀兰", "范小军", "8-1-301", "搬去外地工作，本人来居委会提出"),
    came=CAME,
    announced=ANNOUNCED,
    alarmed=ALARMED,
    lifelines=LIFELINES,
    complained=COMPLAINED,
    needs=NEEDS,
    rooms=ROOMS,
    events=EVENTS,
    things=THINGS,
)
