"""What neighbours of the estate need these days."""

from app.features.demo.needs import Needed, Needs
from app.features.help.tables import What
from app.features.notices.tables import Urgency

NEEDS = Needs(
    vetted=("何静", "马强", "唐丽"),
    needed=(
        Needed(
            0.4, What.transport, "明天早上八点要去市三院复查，谁的车能捎我一程？", by="林秀兰",
            details="膝盖不太好，上下车要人扶一把。我在 3 号楼门口等。", urgency=Urgency.soon,
            asked=(("方晴", "回来的时候也要接吗？"), ("林秀兰", "检查完大约十一点，能接最好，不能我自己打车。")),
        ),
        Needed(
            3, What.groceries, "脚崴了下不了楼，想请人带点菜：青菜、豆腐、一斤鸡蛋。", by="苏梅",
            details="放在门口就行，敲三下门。", cents=4000, taken_by="林秀兰", on_the_way=True,
        ),
        Needed(
            1.2, What.parcel, "驿站有两箱牛奶，有点沉，哪位下班顺路帮我捎上来？", by="吴晓",
            details="取件码 6-2-8013。",
        ),
        Needed(5, What.repair, "厨房水管滴水，接了个盆，今晚能有人看看吗？", by="方晴", urgency=Urgency.urgent),
        Needed(20, What.company, "老人摔过一跤，下午想有人陪着坐坐、说说话。", by="郑伯年", for_whom="郭玉珍"),
        Needed(
            26, What.pet, "出差两天，猫一天喂一次，换换水。", by="许文", details="钥匙在郑师傅那里。", taken_by="彭玉",
        ),
        Needed(9, What.other, "旧沙发要从五楼抬下去，得两个人。", by="陈立", helpers=2, taken_by="王建国"),
        Needed(
            50, What.forms, "医保卡在手机上绑不上，想请人教我点一点。", by="林秀兰", taken_by="吴晓", done=True,
        ),
        Needed(
            170, What.groceries, "下雨天出不了门，帮我带一袋米。", by="林秀兰",
            taken_by="方晴", done=True, confirmed=True,
        ),
        Needed(
            2, What.medicine, "我妈住在 6 号楼，降压药快吃完了，我在外地赶不回来，能请人去药房取一下吗？",
            guest=("彭小雨", "+8615409990077", "6-1-201"), details="取药单已经留在药房，报我妈的名字就行。",
            urgency=Urgency.soon,
        ),
    ),
)  # fmt: skip
