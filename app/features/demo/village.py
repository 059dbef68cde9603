"""Millbrook: a village of streets, and some who live there."""

from app.features.demo.families import Family
from app.features.demo.places import Announced, Asked, Came, Can, Complained, Place, Who
from app.features.demo.village_alerts import ALARMED, LIFELINES
from app.features.demo.village_events import EVENTS
from app.features.demo.village_homes import HOMES
from app.features.demo.village_needs import NEEDS
from app.features.demo.village_rooms import ROOMS
from app.features.demo.village_roster import roster
from app.features.demo.village_things import THINGS
from app.features.people.tables import Kind
from app.features.skills.tables import Category as C
from app.features.skills.tables import Reach

WHO = (
    Who(
        "Margaret Hale", "1 High Street", language="en", role=Kind.administrator, signs_in="administrator",
        can=(Can("Forms and letters", C.paperwork, "Parish clerk for eleven years. Bring the letter along."),),
    ),
    Who(
        "Tom Okafor", "14 Station Road", language="en", role=Kind.coordinator, signs_in="coordinator",
        can=(
            Can("First aid and the village defibrillator", C.health, "Community first responder.", "Any time", True),
            Can("Amateur radio", C.digital, "Works when the masts do not. I can teach you in an evening.", "", True),
        ),
    ),
    Who(
        "Priya Nair", "3 Church Road", language="en", role=Kind.space_manager, signs_in="space_manager",
        can=(Can("Story time for small children", C.teaching, "Saturdays in the reading room.", "Saturday mornings"),),
    ),
    Who(
        "Dorothy Finch", "12 Mill Lane", language="en", signs_in="resident",
        can=(
            Can("Marmalade and jam", C.cooking, "Come with clean jars in January, leave with full ones.", "Afternoons"),
            Can("Mending jumpers", C.hands, "Elbows, cuffs, moth holes. Bring wool that nearly matches."),
        ),
    ),
    Who(
        "Will Carter", "5 Brook Street", language="en", steward_of="Brook Street",
        can=(Can("Carpentry: doors, shelves, gates", C.repairs, "Thirty years a joiner. Small jobs cost a cup of tea.",
                 "Weekends", True),),
    ),
    Who(
        "Ewa Nowak", "9 Orchard Close", language="en", steward_of="Orchard Close",
        can=(Can("Electrician", C.repairs, "Certified. Ring me before you touch the fuse box.", "After six", True),),
    ),
    Who(
        "Grace Bell", "7 Chapel Hill", language="en",
        can=(Can("Nurse: blood pressure, dressings", C.health, "District nurse. Ask me on my days off.", "", True),),
    ),
    Who(
        "Sam Reyes", "21 Station Road", language="en", steward_of="Station Road",
        can=(Can("Phones, laptops, wifi", C.digital, "Patient with beginners. No question is silly.", "Evenings",
                 reach=Reach.remote),),
    ),
    Who(
        "Arthur Penn", "2 Mill Lane", language="en", steward_of="Mill Lane",
        can=(Can("Maths up to sixteen", C.teaching, "Taught it for forty years and still enjoy fractions."),),
    ),
    Who(
        "Joan Whitfield", "18 High Street", language="en", steward_of="High Street",
        can=(Can("Lifts to the surgery", C.transport, "A folded wheelchair fits. Tell me a day before.", "", True),),
    ),
    Who(
        "陈思源", "11 Church Road", language="zh-Hans", steward_of="Church Road",
        can=(
            Can("普通话会话", C.languages, "想学中文、想练口语都欢迎，边喝茶边聊。", "晚上"),
            Can("Bicycle repairs", C.repairs, "A full set of tools in the shed. Punctures while you wait.", "Sundays"),
        ),
    ),
    Who(
        "Bess Holloway", "4 Chapel Hill", language="en", steward_of="Chapel Hill",
        can=(Can("Walking dogs, feeding cats", C.nature, "You get a photo every day you are away."),),
    ),
    Who(
        "Hugo Lind", "16 Mill Lane", language="en",
        can=(Can("Piano for beginners", C.arts, "The upright in my front room is in tune and lonely.", "Weekends"),),
    ),
    Who("Edith Marsh", "6 Mill Lane", language="en", need="lives alone, hard of hearing"),
)  # fmt: skip

ASKED = (
    Asked(
        "Dorothy Finch", "My garden gate drags and will not latch. Could you have a look?", 17, of="Will Carter",
        skill="Carpentry: doors, shelves, gates", accepted=True, done=True,
        thanks="The gate closes with one finger, and Will oiled the shed door on his way out.",
    ),
    Asked(
        "Arthur Penn", "New tablets. Would you check my blood pressure a few mornings and write it down?", 12,
        of="Grace Bell", skill="Nurse: blood pressure, dressings", accepted=True, done=True,
        thanks="Five mornings running, with a chart for the doctor. I sleep better.",
    ),
    Asked(
        "陈思源", "下周想学做橘子酱，可以带着罐子去您家吗？", 9, of="Dorothy Finch", skill="Marmalade and jam",
        accepted=True, done=True, thanks="第一次做果酱就成功了，还带回来六罐！谢谢 Dorothy。",
    ),
    Asked(
        "Bess Holloway", "Hospital on Thursday at ten. Is there room in your car?", 6, of="Joan Whitfield",
        skill="Lifts to the surgery", accepted=True, done=True,
        thanks="Door to door, and she waited two hours with her crossword.",
    ),
    Asked(
        "Dorothy Finch", "My grandson is in Leeds and the video call says the memory is full. Can you show me?", 1.2,
        of="Sam Reyes", skill="Phones, laptops, wifi", times="Any evening this week", accepted=True,
    ),
    Asked(
        "Priya Nair", "Could you bring your mending basket to the reading room on Friday and show the children?", 0.4,
        of="Dorothy Finch", skill="Mending jumpers", times="Friday at three",
    ),
    Asked(
        "Joan Whitfield", "The hall light flickers, new bulb or old.", 0.9, of="Ewa Nowak", skill="Electrician",
        times="Tonight", proposed="I am on shift tonight. Tomorrow at half past seven?",
    ),
    Asked(
        "Bess Holloway", "Who can lend two strong arms on Saturday? An old sofa has to come down Chapel Hill.", 0.6,
        category=C.transport, times="Saturday at nine",
    ),
    Asked(
        "Margaret Hale", "The village supper is coming: who can bake bread for sixty?", 0.2, category=C.cooking,
        times="Last Friday of the month",
    ),
)  # fmt: skip

CAME = (
    Came(
        "Nadia Hussain",
        "8 Mill Lane",
        "Mill Lane",
        "nadia@example.org",
        2,
        "Dorothy Finch",
        "She bought the Marshes' old cottage.",
    ),
    Came("刘洋", "8 Mill Lane, upstairs", "Mill Lane", "liu.yang@example.org", 0.3, language="zh-Hans"),
)

ANNOUNCED = (
    Announced(
        2.1,
        {"en": "No water on Wednesday, nine to noon", "zh-Hans": "周三上午 9 点到 12 点停水"},
        {
            "en": "The main at the bridge is repaired: no water in the whole village on Wednesday morning.\n"
            "Please fill a bucket the evening before. If carrying water is hard for you, your steward will help.",
            "zh-Hans": "桥边的主水管检修，全村周三上午停水。\n请前一晚接好水；提水不方便的，您的楼长会来帮忙。",
        },
        pinned_for=9,
        read_by=("Dorothy Finch", "Grace Bell", "陈思源"),
    ),
    Announced(
        4,
        {"en": "Mill Lane closed to cars on Friday", "zh-Hans": "周五磨坊巷禁止车辆通行"},
        {
            "en": "New tarmac from eight to four. Park on Brook Street; Arthur has the key to the field gate.",
            "zh-Hans": "上午 8 点到下午 4 点铺路面，请把车停在 Brook Street。田边大门的钥匙在 Arthur 那里。",
        },
        to="Mill Lane",
        read_by=("Dorothy Finch",),
    ),
    Announced(
        8,
        {"en": "Story time moves to ten on Saturday"},
        {"en": "Priya reads in the reading room at ten this Saturday. Children from three to seven, with a grown-up."},
        read_by=("Hugo Lind",),
    ),
)
COMPLAINED = (
    Complained("Grace Bell", "Hugo Lind", "Piano for beginners", "Scales at seven on a Sunday. After nine, please?"),
    Complained(
        "Joan Whitfield", "Bess Holloway", "Walking dogs, feeding cats", "The dogs ran loose and frightened a child.",
        warned="Dogs stay on the lead inside the village, please.",
        against="The clip broke, and I caught them at once. The new lead is here.",
    ),
)  # fmt: skip

VILLAGE = Place(
    name="Millbrook",
    languages=("en", "zh-Hans"),
    zone="Europe/London",
    region="GB",
    area_kinds=("street",),
    basis="Demonstration: everybody on the list is made up",
    roster=roster,
    who=WHO,
    asked=ASKED,
    homes=HOMES,
    family=Family(
        "Leo Finch", "Dorothy Finch", "Marcus Webb", "5 Brook Street", "Moves to Leeds, asked after the parish meeting"
    ),
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
