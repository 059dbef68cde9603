"""wrk, and what it says."""

import re
import shutil
import subprocess
from dataclasses import dataclass

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass
class Round:
    per_second: float
    p99: float
    wrong: int


def must_be_there() -> None:
    if shutil.which("wrk") is None:
        raise SystemExit("bench: wrk is not installed. On Debian: sudo apt-get install wrk")


def wrk(url: str, cookie: str, *, seconds: float, lines: int = 16) -> Round:
    command = ["wrk", "-t1", f"-c{lines}", f"-d{seconds:g}s", "--latency", "-H", f"Cookie: {cookie}", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()
    wrong = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", said)))
    return Round(float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), float(number) * UNITS[unit], wrong)
