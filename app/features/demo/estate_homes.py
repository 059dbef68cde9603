"""What some families of 百川里 keep on their cards."""

from app.features.demo.homes import Card, Homes, Key, Needing
from app.features.household.rules import Written
from app.features.people.tables import Audience as A

# The numbers stand in the block of the roster, which no network hands out.
HOMES = Homes(
    cards=(
        Card(
            "林秀兰",
            Written(
                contact_name="林小雨",
                contact_relation="女儿，住成都",
                contact_phone="15401230011",
                key_words="备用的一把在门卫老李那里",
                languages="普通话、四川话",
                pets="一只叫团子的花猫，怕生，别让它跑出门",
                notes="门铃声音小，请多敲几下。煤气阀在水槽下面，往右关。",
            ),
            {
                "emergency_contact": A.stewards,
                "key_holder": A.stewards,
                "languages": A.community,
                "pets": A.building,
                "notes": A.building,
            },
            answers=True,
        ),
        Card(
            "郭玉珍",
            Written(
                contact_name="郭建军",
                contact_relation="侄子",
                contact_phone="15401230024",
                languages="普通话、山东话",
                notes="耳朵背，打电话不如上门。每天早上七点拉开窗帘。",
            ),
            {"emergency_contact": A.stewards, "notes": A.stewards, "languages": A.building},
        ),
        Card(
            "方晴",
            Written(
                contact_name="方建平",
                contact_relation="父亲",
                contact_phone="15401230038",
                pets="两只鹦鹉",
                languages="普通话、上海话、英语",
            ),
            {"emergency_contact": A.stewards, "languages": A.community, "pets": A.community},
        ),
        Card(
            "Anna Keller",
            Written(
                contact_name="Jonas Keller",
                contact_relation="brother, in Boston",
                contact_phone="+1 617 555 0143",
                languages="English, Deutsch, 一点点普通话",
                notes="Please speak slowly, or write it down for me.",
            ),
            {"emergency_contact": A.stewards, "languages": A.community, "notes": A.building},
        ),
        Card(
            "何静",
            Written(
                contact_name="何志刚",
                contact_relation="哥哥",
                contact_phone="15401230042",
                notes="倒班，白天请轻轻敲门。",
            ),
            {"notes": A.building},
        ),
        Card(
            "周敏",
            Written(
                contact_name="周伟",
                contact_relation="弟弟",
                contact_phone="15401230056",
                languages="普通话、粤语",
                pets="一条叫豆豆的小狗，不咬人",
            ),
            {"emergency_contact": A.stewards, "languages": A.community, "pets": A.building},
            answers=True,
        ),
    ),
    keys=(Key("林秀兰", "郑伯年", agreed=True), Key("方晴", "林秀兰"), Key("郭玉珍", "郑伯年", agreed=True)),
    needs=(
        Needing("郭玉珍", "一个人住。右耳听不见，爬楼慢，停电时需要有人上门看看。"),
        Needing("林秀兰", "降压药要放冰箱，停电超过半天请提醒我。"),
    ),
    looked=(("郑伯年", "林秀兰"), ("郑伯年", "郭玉珍")),
)
