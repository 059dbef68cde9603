from app.features.admin.pages.areas import AreaPages
from app.features.admin.pages.community import CommunityPages
from app.features.admin.pages.households import HouseholdPages
from app.features.admin.pages.joined import JoinedPages
from app.features.admin.pages.my_roles import MyRolePages
from app.features.admin.pages.overview import OverviewPages
from app.features.admin.pages.people import PeoplePages
from app.features.admin.pages.person import PersonPages
from app.features.admin.pages.proposals import ProposalPages
from app.features.admin.pages.reached import ReachedPages
from app.features.admin.pages.records import OwnRecordPages, RecordPages
from app.features.admin.pages.rights import RightsPages
from app.features.admin.pages.roads import RoadPages
from app.features.admin.pages.roles import RolePages
from app.features.admin.pages.standing import StandingPages

PAGES = (
    OverviewPages,
    RecordPages,
    OwnRecordPages,
    CommunityPages,
    AreaPages,
    HouseholdPages,
    PeoplePages,
    PersonPages,
    StandingPages,
    RightsPages,
    RolePages,
    MyRolePages,
    ProposalPages,
    JoinedPages,
    ReachedPages,
    RoadPages,
)
