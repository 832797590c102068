"""Start a child that never outlives us, even when we are killed with -9.

On Linux the kernel sends the child a signal when the *thread* that started it ends (PR_SET_PDEATHSIG), so
children are started from the main thread only. Changing the user clears it: it is set last, before exec.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from ruleyard.embedded.account import Account

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def spawn(
    argv: Sequence[str | Path],
    *,
    output: IO[bytes] | int | None = None,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    parting_signal: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """The child, in a session of its own (Ctrl-C reaches only us), as `account` when given.

    `parting_signal` is what it gets when we die without a goodbye. Raises RuntimeError off the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children must be started from the main thread, or they end with the thread")
    return subprocess.Popen(
        [str(part) for part in argv],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=dict(env) if env is not None else None,
        cwd=folder,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,
        preexec_fn=_tie_to_parent(parting_signal),
    )


def fresh_log(path: Path) -> IO[bytes]:
    """The file, empty, for a child to write to. Children of an earlier one may still write: after what is there."""
    log = path.open("ab")
    log.truncate(0)
    return log


def stop(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal and wait its seconds until the process has ended; SIGKILL after the last."""
    for what, wait_s in steps:
        if process.poll() is not None:
            return
        process.send_signal(what)
        try:
            process.wait(wait_s)
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        process.kill()
        process.wait(10)


def _tie_to_parent(parting_signal: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(parting_signal))
        if os.getppid() != parent:  # it died between fork and here
            os._exit(1)

    return tie
