from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import render
from django.utils.timezone import now

from peer.models import Area, Community, Listing, Membership
from peer.words import LABELS, TABS

PER_PAGE = 20


def everywhere(request):
    """What every page shows: where we are, how many notices wait, the tabs."""
    viewer = request.user
    unread = viewer.notices.filter(Q(until_at=None) | Q(until_at__gt=now()), read_at=None).count()
    return {"here": Community.objects.get(pk=1), "viewer": viewer, "unread": unread, "tabs": TABS}


@login_required(login_url="/sign-in")
def neighbours(request):
    """The own building first, then the rest, the newest offers first: two walks along an index."""
    building = building_of(request.user)
    listed = Listing.objects.filter(under="", person__state="active").select_related("person__card", "building")
    listed = listed.order_by("-newest_at", "-person_id")
    found = list(listed.filter(building=building)[: PER_PAGE + 1])
    if len(found) <= PER_PAGE:
        found += listed.exclude(building=building)[: PER_PAGE + 1 - len(found)]
    areas = Area.objects.filter(parent=None).order_by("sort", "id")
    values = {"found": found[:PER_PAGE], "more": len(found) > PER_PAGE, "areas": list(areas), "labels": LABELS}
    return render(request, "neighbours.html", values)


def building_of(person):
    """The largest area around somebody's door; buildings, entrances and floors are three deep at most."""
    homes = Membership.objects.filter(person=person, until_on=None).order_by("id")
    home = homes.select_related("household__area__parent__parent").first()
    area = home.household.area if home else None
    while area is not None and area.parent is not None:
        area = area.parent
    return area
