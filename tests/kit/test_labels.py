from app.kit.labels import QUIET, qr


def test_a_label_is_one_path_with_its_quiet_zone_and_needs_no_style():
    label = qr("https://example.org/q/abc")
    assert label.count("<path") == 1 and "style" not in label
    assert f"M{QUIET} {QUIET}h1v1h-1z" in label  # the corner of the first finder pattern
    assert qr("https://example.org/q/abd") != label
