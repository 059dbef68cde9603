"""What goes on in the carrier's thread: lanes, lines, and libcurl's own idea of when which socket wants what."""

import contextlib
import math
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable

import pycurl

from app.kit.web_push.answers import Verdict, meaning
from app.kit.web_push.lanes import CONNECT, CONNECTIONS, STREAMS, Lane, Line, Roads, why_not
from app.kit.web_push.letters import CLOSED, OTHER, PAUSED, WAITED, Answer, Letter

WAIT = 20.0  # seconds in a lane, before the letter goes back to whoever sent it
LANES = 64  # that are kept open while nothing goes through them
UNREACHED = frozenset({"no such host", "no connection", "no proxy", "tls", "timeout"})
PACE = 0.02  # seconds between two turns: letters and answers are cheaper by the handful
IDLE = 1.0  # seconds: the longest sleep


class Traffic:
    def __init__(
        self,
        inbox: deque[tuple[str, Letter]],
        ear: socket.socket,
        roads: Roads,
        done: Callable[[list[Answer], dict[str, int]], None],
    ) -> None:
        self._inbox, self._ear, self._roads, self._done = inbox, ear, roads, done
        self.asleep = False
        self._lanes: dict[tuple[str, bool], Lane] = {}
        self._flying: dict[pycurl.Curl, Line] = {}
        self._answered: list[Answer] = []
        self._of: dict[str, int] = {}
        self._now = self._swept_at = time.monotonic()
        self._due: float | None = None
        self._selector = selectors.DefaultSelector()
        self._selector.register(ear, selectors.EVENT_READ)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, CONNECTIONS)
        self._multi.setopt(pycurl.M_MAX_CONCURRENT_STREAMS, STREAMS)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    def turn(self) -> None:
        time.sleep(PACE)
        self._now = time.monotonic()
        for lane in self._sort():
            self._start(lane)
        self._wait()
        self._now = time.monotonic()
        for lane in self._collect():
            self._start(lane)
        if self._now - self._swept_at > IDLE:
            self._swept_at = self._now
            for lane in self._lanes.values():
                self._give_back(lane, WAITED, before=self._now - WAIT)
        self._flush()

    def end(self) -> None:
        """Whatever is not done is answered."""
        self._sort()
        for curl, line in self._flying.items():
            self._multi.remove_handle(curl)
            self._answer(Answer(line.letter.id, 0, None, CLOSED), line.lane.origin)
        for lane in self._lanes.values():
            self._give_back(lane, CLOSED)
        self._flush()
        self._multi.close()
        self._selector.close()

    def _sort(self) -> list[Lane]:
        """New letters go to their lanes; those that must not leave the house are answered here."""
        touched = {}
        for _ in range(len(self._inbox)):
            origin, letter = self._inbox.popleft()
            if trouble := why_not(letter):
                self._answer(Answer(letter.id, 0, None, trouble), origin)
                continue
            key = (origin, letter.near)
            lane = self._lanes.get(key) or self._lanes.setdefault(key, Lane(*key))
            lane.waiting.append((self._now, letter))
            touched[key] = lane
        return list(touched.values())

    def _start(self, lane: Lane) -> None:
        if lane.paused_until > self._now:
            self._give_back(lane, PAUSED, pause=math.ceil(lane.paused_until - self._now))
        while lane.waiting and lane.flying < lane.limit:
            _, letter = lane.waiting.popleft()
            line = lane.idle.pop() if lane.idle else Line(lane, self._roads)
            try:
                line.take(letter)
            except (pycurl.error, ValueError, TypeError):
                lane.idle.append(line)
                self._answer(Answer(letter.id, 0, None, OTHER), lane.origin)
                continue
            self._multi.add_handle(line.curl)
            self._flying[line.curl] = line
            lane.flying += 1

    def _wait(self) -> None:
        self.asleep = True  # before looking: whoever sends from now on rings
        until = IDLE if self._due is None else min(self._due - time.monotonic(), IDLE)
        ready = self._selector.select(0 if self._inbox or self._answered else max(0.0, until))
        self.asleep = False
        for key, events in ready:
            if key.fileobj is self._ear:
                self._ear.recv(4096)
            else:
                reads = pycurl.CSELECT_IN if events & selectors.EVENT_READ else 0
                writes = pycurl.CSELECT_OUT if events & selectors.EVENT_WRITE else 0
                self._multi.socket_action(key.fd, reads | writes)
        if self._due is not None and self._due <= time.monotonic():
            self._due = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)

    def _collect(self) -> list[Lane]:
        touched, queued = {}, 1
        while queued:
            queued, well, badly = self._multi.info_read()
            for curl, code in (*((curl, 0) for curl in well), *((curl, code) for curl, code, _ in badly)):
                line = self._flying[curl]
                self._landed(line, code)
                touched[id(line.lane)] = line.lane
        return list(touched.values())

    def _landed(self, line: Line, code: int) -> None:
        lane, answer = line.lane, line.answer(code)
        self._answer(answer, lane.origin)
        if answer.status:
            if lane.heard_at < 0:
                lane.limit = CONNECTIONS * (STREAMS if line.speaks_http2() else 1)
            lane.heard_at = self._now
            if answer.retry_after and meaning(answer.status, "") is Verdict.wait:
                lane.paused_until = max(lane.paused_until, self._now + answer.retry_after)
        elif answer.trouble in UNREACHED and self._now - lane.heard_at > CONNECT / 1000:
            self._give_back(lane, answer.trouble)
        self._multi.remove_handle(line.curl)
        del self._flying[line.curl]
        lane.flying -= 1
        lane.idle.append(line)
        if len(self._lanes) > LANES and not lane.flying and not lane.waiting and lane.paused_until < self._now:
            self._lanes.pop((lane.origin, lane.near), None)

    def _give_back(self, lane: Lane, trouble: str, *, before: float = float("inf"), pause: int | None = None) -> None:
        """What waits does not wait for an origin that nobody reaches, or that asked us to stop."""
        while lane.waiting and lane.waiting[0][0] < before:
            self._answer(Answer(lane.waiting.popleft()[1].id, 0, pause, trouble), lane.origin)

    def _answer(self, answer: Answer, origin: str) -> None:
        self._answered.append(answer)
        self._of[origin] = self._of.get(origin, 0) + 1

    def _flush(self) -> None:
        if self._answered:
            self._done(self._answered, self._of)
            self._answered, self._of = [], {}

    def _watch(self, what: int, descriptor: int, multi: object, data: object) -> None:
        with contextlib.suppress(KeyError):
            self._selector.unregister(descriptor)
        reads = selectors.EVENT_READ if what & pycurl.POLL_IN else 0
        writes = selectors.EVENT_WRITE if what & pycurl.POLL_OUT else 0
        if what != pycurl.POLL_REMOVE and reads | writes:
            self._selector.register(descriptor, reads | writes)

    def _set_timer(self, milliseconds: int) -> None:
        self._due = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000
