"""Roles over time, in a few lines of Python: what the rules keep, this predicts. See test_roles_over_time.py."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.features.people.rules.lives import STEPS
from app.features.people.tables import Kind, State

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


@dataclass
class Away:
    since: datetime
    until: datetime
    who: int | None = None
    lent_since: datetime | None = None


@dataclass
class Role:
    who: int
    kind: Kind
    area: int | None
    held: bool = True
    deputy: int | None = None
    away: Away | None = None


@dataclass
class Asked:
    role: int
    task: str
    who: int
    until: datetime
    away: Away | None = None
    open: bool = True


@dataclass
class Model:
    """People and homes by their place in the list; roles and questions by the order in which they were made."""

    states: list[State]
    homes: list[set[int]]
    roles: list[Role]
    asked: list[Asked] = field(default_factory=list)

    # --- What should be so

    def powers(self, who, now):
        own = {(role.kind, role.area) for role in self.roles if role.held and role.who == who}
        lent = {
            (role.kind, role.area)
            for role in self.roles
            if role.held and role.away and role.away.who == who and role.away.lent_since <= now < role.away.until
        }
        return own | lent

    def officers(self, kind, now):
        everybody = range(len(self.states))
        return {who for who in everybody if self.is_in(who) and kind in {each for each, _ in self.powers(who, now)}}

    def administrators(self):
        return {r.who for r in self.roles if r.held and r.kind == Kind.administrator and self.is_in(r.who)}

    def deputy_of(self, nth):
        role = self.roles[nth]
        return role.deputy if role.held and role.deputy is not None and self.is_in(role.deputy) else None

    def is_in(self, who):
        return self.states[who] == State.active

    def holds(self, who, kind, area):
        return any(role.held and (role.who, role.kind, role.area) == (who, kind, area) for role in self.roles)

    # --- Deeds: True when they are done

    def give(self, who, kind, area, now):
        area = area if kind == Kind.steward else None
        if not self.is_in(who) or self.holds(who, kind, area):
            return False
        self.roles.append(Role(who, kind, area))
        return True

    def end(self, nth, now):
        role = self.at(nth)
        if role is None or (role.kind == Kind.administrator and self.administrators() == {role.who}):
            return False
        self.let_go(nth)
        return True

    def propose(self, nth, task, who, now, away=None):
        role = self.at(nth)
        if role is None or not self.is_in(role.who) or not self.fits(role, who):
            return False
        if any(each.role == nth and each.task == task and self.waits(each, now) for each in self.asked):
            return False
        until = min(now + 14 * DAY, away.until) if away else now + 14 * DAY
        self.asked.append(Asked(nth, task, who, until, away))
        return True

    def answer(self, nth, yes, now):
        if nth >= len(self.asked):
            return False
        asked = self.asked[nth]
        if not self.waits(asked, now) or not self.is_in(asked.who):
            return False
        if not yes:
            asked.open = False
            return True
        role = self.roles[asked.role]
        if not self.fits(role, asked.who):
            return False
        asked.open = False
        if asked.task == "handover":
            self.let_go(asked.role)
            self.roles.append(Role(asked.who, role.kind, role.area))
        elif asked.task == "deputy":
            role.deputy = asked.who
        else:
            self.lend(asked.role, asked.who, now)
        return True

    def withdraw(self, nth, now):
        if nth >= len(self.asked) or not self.waits(self.asked[nth], now):
            return False
        if not self.is_in(self.roles[self.asked[nth].role].who):
            return False
        self.asked[nth].open = False
        return True

    def away(self, nth, first, days, cover, now):
        role = self.at(nth)
        if role is None or not self.is_in(role.who) or (role.away and role.away.until > now):
            return False
        today = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        before, role.away = role.away, Away(today + first * DAY, today + (first + days) * DAY)
        if not self.find(nth, cover, now):
            role.away = before
            return False
        return True

    def cover(self, nth, who, now):
        role = self.at(nth)
        if role is None or not self.is_in(role.who) or not role.away or role.away.until <= now:
            return False
        return role.away.who is None and self.find(nth, who, now)

    def find(self, nth, cover, now):
        role, deputy = self.roles[nth], self.deputy_of(nth)
        if cover is not None and cover != deputy:
            return self.propose(nth, "cover", cover, now, role.away)
        if deputy is not None and not self.holds(deputy, role.kind, role.area):
            self.lend(nth, deputy, now)
        return True

    def back(self, nth, now):
        role = self.at(nth)
        if role is None or not self.is_in(role.who) or not role.away or role.away.until <= now:
            return False
        self.close(lambda each: each.away is role.away)
        role.away = None
        return True

    def step_down(self, nth, now):
        role = self.at(nth)
        if role is None or not role.away or role.away.until <= now:
            return False
        if role.away.who is None or not self.is_in(role.away.who):
            return False
        role.away.who = None
        return True

    def free(self, nth, now):
        role = self.at(nth)
        if role is None or not self.is_in(role.who) or role.deputy is None:
            return False
        if role.away and role.away.who == role.deputy:
            role.away.who = None
        role.deputy = None
        return True

    def settle(self, who, state, now):
        shut = state != State.active and self.administrators() == {who}
        if state not in STEPS[self.states[who]] or shut:
            return False
        self.states[who] = state
        if state == State.gone:
            self.leave_all(who)
        return True

    def move(self, who, home, now):
        if self.states[who] == State.gone or home in self.homes[who]:
            return False
        self.homes[who] = {home}
        return True

    def wait(self, days, now):
        return True

    # --- How

    def at(self, nth):
        return self.roles[nth] if nth < len(self.roles) and self.roles[nth].held else None

    def fits(self, role, who):
        return self.is_in(who) and not self.holds(who, role.kind, role.area)

    def waits(self, asked, now):
        return asked.open and asked.until > now and self.roles[asked.role].held

    def lend(self, nth, who, now):
        away = self.roles[nth].away
        away.who, away.lent_since = who, max(away.since, now)
        self.close(lambda each: each.away is away)

    def let_go(self, nth):
        self.roles[nth].held, self.roles[nth].away = False, None
        self.close(lambda each: each.role == nth)

    def leave_all(self, who):
        for nth, role in enumerate(self.roles):
            if role.held and role.who == who:
                self.let_go(nth)
            if role.away and role.away.who == who:
                role.away.who = None
            if role.deputy == who:
                role.deputy = None
        self.close(lambda each: each.who == who)
        self.homes[who] = set()

    def close(self, which):
        for each in self.asked:
            if which(each):
                each.open = False
