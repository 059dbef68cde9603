"""What a service answered decides what becomes of a phone; only two answers take it away."""

import pytest

from app.kit.web_push.answers import Verdict, meaning


@pytest.mark.parametrize(
    ("verdict", "statuses"),
    [
        (Verdict.accepted, (200, 201, 202, 204)),
        (Verdict.gone, (404, 410)),
        (Verdict.wait, (406, 429, 503)),
        (Verdict.refused, (301, 302, 307, 308, 400, 401, 403, 405, 415, 422)),
        (Verdict.failed, (413,)),
        (Verdict.again, (408, 425, 500, 501, 502, 504, 507, 599, 100, 103)),
    ],
)
def test_each_answer_has_its_meaning(verdict, statuses):
    assert {meaning(status, "") for status in statuses} == {verdict}


def test_nothing_but_404_and_410_ever_removes_a_phone():
    troubles = ("", "timeout", "no connection", "no such host", "reset", "tls", "foreign address", "whatever")
    gone = {
        (status, trouble) for status in range(600) for trouble in troubles if meaning(status, trouble) is Verdict.gone
    }
    assert {status for status, _ in gone} == {404, 410}


def test_no_answer_is_tried_again_unless_it_went_where_it_must_not():
    assert {meaning(0, each) for each in ("timeout", "no connection", "reset", "tls", "")} == {Verdict.again}
    assert meaning(0, "waited") is Verdict.again and meaning(0, "paused") is Verdict.wait
    assert {meaning(0, each) for each in ("foreign address", "foreign url")} == {Verdict.refused}
