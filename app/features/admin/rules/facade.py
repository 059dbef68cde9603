"""An area as a strip of windows, whatever its size: each of forty stands for a fortieth of its households."""

ACROSS, ROWS = 20, 2
SIDE, STEP = 8, 11


def strip(nobody: int, somebody: int, everybody: int) -> dict[str, str]:
    """The paths of an SVG, by look; empty where there is none. Whoever is there at all gets a window."""
    counts = {"everybody": everybody, "somebody": somebody, "nobody": nobody}
    paths, place = dict.fromkeys(counts, ""), 0
    for look, windows in _shared_out(counts).items():
        for _ in range(windows):
            across, down = place % ACROSS, place // ACROSS
            paths[look] += f"M{across * STEP + 1} {down * STEP + 1}h{SIDE}v{SIDE}h-{SIDE}z"
            place += 1
    return paths


def _shared_out(counts: dict[str, int]) -> dict[str, int]:
    whole, windows = sum(counts.values()), ACROSS * ROWS
    if not whole:
        return dict.fromkeys(counts, 0)
    exact = {look: count * windows / whole for look, count in counts.items()}
    given = {look: max(int(share), 1 if counts[look] else 0) for look, share in exact.items()}
    by_need = sorted(counts, key=lambda look: exact[look] - given[look], reverse=True)
    for look in by_need[: max(0, windows - sum(given.values()))]:
        given[look] += 1
    while sum(given.values()) > windows:
        given[max(given, key=lambda look: given[look])] -= 1
    return given
