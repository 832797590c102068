"""How busy the machine is, and how much of that is ours: a figure of a shared machine says little without it."""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
from support.processes import family_of

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """Shares of all processors between two moments, and the load average at the second."""

    ours: float
    others: float
    average: float

    def words(self) -> str:
        return f"load {self.average:.1f}, processors: ours {self.ours:.0%}, others {self.others:.0%}"


class LoadMeter:
    """Between two calls of `since`."""

    def __init__(self) -> None:
        self._before = _now()

    def since(self) -> Load:
        before, self._before = self._before, _now()
        spent = max(1e-9, (self._before[0] - before[0]) * (os.cpu_count() or 1))
        busy = (self._before[1] - before[1]) / spent
        ours = max(0.0, self._before[2] - before[2]) / spent
        return Load(ours, max(0.0, busy - ours), os.getloadavg()[0])


def _now() -> tuple[float, float, float]:
    """Seconds: by the clock, busy of all processors, ours."""
    parts = [int(part) for part in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    user, nice, system, _idle, _iowait, irq, soft, steal = parts
    ours = sum(_spent(pid) for pid in [os.getpid(), *family_of(os.getpid())])
    return time.monotonic(), (user + nice + system + irq + soft + steal) / TICKS, ours


def _spent(pid: int) -> float:
    """Of a process and the children that it has buried."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICKS


def memory_mb(pid: int) -> tuple[float, float]:
    """Of one process: what it takes now (shared pages counted by their share), and the most it ever took (whole)."""
    now = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    most = re.search(r"^VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M)
    return (int(now[1]) / 1024 if now else 0.0), (int(most[1]) / 1024 if most else 0.0)
