"""A model of the conveyor, played against the real thing: writers, two readers, two workers, a sweeper.

Every rule is one step that some process could take next; a crash is a step not taken. What must hold is asserted
after each step, and at the end, when everybody has finished. Does not know how a step is taken: `lane_steps` does.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lanes import lane_steps as steps
from lanes.lane_steps import RECORDS, STORMING, Change, Parts, Reader
from ruleyard.core.types import RunId
from ruleyard.stores.claims import Claim
from ruleyard.stores.runs import DEATHS

WRITERS: Final = st.sampled_from((0, 1, 2))
SIDES: Final = st.sampled_from(("a", "b"))


@dataclass
class Held:
    """A claim as its worker sees it; whether it is still true is the model's business."""

    claim: Claim
    side: str
    performed: bool = False


@dataclass
class Model:
    """What the world should look like."""

    committed: list[Change] = field(default_factory=list)
    pending: dict[int, list[Change]] = field(default_factory=lambda: defaultdict(list))
    holder: dict[RunId, int] = field(default_factory=dict)
    """The attempt that owns a run now; 0 when it is queued."""
    silent: set[RunId] = field(default_factory=set)
    """Runs whose lease has ended and that nobody swept yet."""
    deaths: dict[RunId, int] = field(default_factory=lambda: defaultdict(int))
    done: set[RunId] = field(default_factory=set)

    def committed_in_order(self) -> list[Change]:
        """By record; the numbers of a record's changes ascend with its commits."""
        return sorted(self.committed)


def machine_of(parts: Parts) -> type[RuleBasedStateMachine]:
    class Conveyor(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.model = Model()
            self.readers: dict[str, Reader] = {}
            self.held: list[Held] = []

        @initialize()
        def begin(self) -> None:
            """There is work from the start: without it most plays are over before they are interesting."""
            parts.do(steps.reset(parts))
            for one in (*RECORDS, *RECORDS):
                self.ordinary_change(one)
            self.take("a", RECORDS[0], 3)

        @rule(writer=WRITERS, one=st.sampled_from(RECORDS))
        def change(self, writer: int, one: int) -> None:
            """A record is changed, unless another writer has it."""
            busy = {
                change[0] for other, some in self.model.pending.items() if other != writer for change in some
            }
            if one not in busy:
                self.model.pending[writer].append((one, parts.do(steps.change_record(parts, writer, one))))

        @rule(one=st.sampled_from(RECORDS))
        def ordinary_change(self, one: int) -> None:
            """Changed, committed, read: most changes meet no trouble on their way to a run."""
            if not self.model.pending:
                self.change(0, one)
                self.commit(0)
                if "a" not in self.readers:
                    for apart in (False, True):
                        self.read("a", one, 4, apart)
                        self.end_read("a", survives=True)

        @precondition(lambda self: self.model.pending)
        @rule(writer=WRITERS)
        def commit(self, writer: int) -> None:
            parts.do(steps.end(parts, writer, "commit"))
            self.model.committed += self.model.pending.pop(writer, [])

        @precondition(lambda self: self.model.pending)
        @rule(writer=WRITERS)
        def roll_back(self, writer: int) -> None:
            parts.do(steps.end(parts, writer, "rollback"))
            self.model.pending.pop(writer, None)

        @rule(side=SIDES, one=st.sampled_from(RECORDS), limit=st.integers(1, 4), apart=st.booleans())
        def read(self, side: str, one: int, limit: int, apart: bool) -> None:
            """A reader takes the record's lane, or the table apart in it; who comes second is turned away."""
            if side in self.readers:
                return
            lane = parts.do(steps.lane_of(parts, one))
            reader = parts.do(steps.begin_read(parts, lane, limit, STORMING if apart else ""))
            others = [other for other in self.readers.values() if other.lane == lane]
            if reader is not None:
                assert reader.apart not in [other.apart for other in others], "two readers at one place"
                self.readers[side] = reader
            else:
                assert apart or others, "turned away by nobody"

        @precondition(lambda self: self.readers)
        @rule(side=SIDES, survives=st.booleans())
        def end_read(self, side: str, survives: bool) -> None:
            reader = self.readers.pop(side, None)
            if reader is not None:
                parts.do(steps.end_read(reader, survives=survives))

        @rule(side=SIDES, one=st.sampled_from(RECORDS), limit=st.integers(1, 3))
        def take(self, side: str, one: int, limit: int) -> None:
            """A worker claims what is due in the record's slot."""
            for found in parts.do(steps.take_runs(parts, one, side, limit)):
                assert self.model.holder.get(found.id, 0) == 0, "somebody else holds it"
                assert found.id not in self.model.done
                self.model.holder[found.id] = found.attempt
                self.held.append(Held(found, side))
            by_record = [h.claim.event.key["id"] for h in self.held if self._is_owner(h)]
            assert len(by_record) == len(set(by_record)), "two runs of one record at once"

        @precondition(lambda self: self.held)
        @rule(place=st.integers(0, 7))
        def perform(self, place: int) -> None:
            """The record write, in time or late: a worker that was paused does not know that it lost the run."""
            held = self.held[place % len(self.held)]
            parts.do(steps.write_record(parts, held.claim))
            held.performed = True

        @precondition(lambda self: any(h.performed for h in self.held))
        @rule(place=st.integers(0, 7))
        def note(self, place: int) -> None:
            """The outcome, behind the fence."""
            performed = [h for h in self.held if h.performed]
            held = performed[place % len(performed)]
            written = parts.do(steps.note_outcome(parts, held.claim))
            assert written is self._is_owner(held), "the fence"
            if written:
                self.model.done.add(held.claim.id)
                self.model.holder[held.claim.id] = 0
                self.model.silent.discard(held.claim.id)
            self.held.remove(held)

        @precondition(lambda self: self.held)
        @rule(side=SIDES)
        def beat(self, side: str) -> None:
            """A heartbeat keeps what is still its worker's, also when it comes late and nobody swept yet."""
            mine = [h for h in self.held if h.side == side]
            kept = parts.do(steps.renew_all(parts, [h.claim for h in mine]))
            owned = {h.claim.id for h in mine if self._is_owner(h)}
            assert kept == owned
            self.model.silent -= owned

        @precondition(lambda self: self.held)
        @rule(place=st.integers(0, 7))
        def lease_ends(self, place: int) -> None:
            held = self.held[place % len(self.held)]
            run = held.claim.id
            if self._is_owner(held) and self.model.deaths[run] < DEATHS - 2:
                parts.do(steps.expire(parts, run))
                self.model.silent.add(run)

        @precondition(lambda self: self.held)
        @rule(place=st.integers(0, 7), side=SIDES)
        def taken_over(self, place: int, side: str) -> None:
            """Its lease ends, the sweep finds it, the next worker takes it; the old one knows nothing."""
            one = self.held[place % len(self.held)].claim.event.key["id"]
            self.lease_ends(place)
            self.sweep()
            self.take(side, one, 3)

        @precondition(lambda self: self.model.silent)
        @rule()
        def sweep(self) -> None:
            """Exactly the silent ones are queued again."""
            parts.do(steps.sweep(parts))
            for run in self.model.silent:
                self.model.holder[run] = 0
                self.model.deaths[run] += 1
            self.model.silent = set()

        @precondition(lambda self: self.held)
        @rule(place=st.integers(0, 7))
        def die(self, place: int) -> None:
            """kill -9: it forgets what it held; its lease ends and is swept."""
            held = self.held.pop(place % len(self.held))
            if self._is_owner(held):
                parts.do(steps.expire(parts, held.claim.id))
                self.model.silent.add(held.claim.id)
                self.sweep()
                parts.do(steps.forgive(parts, held.claim.id))

        @invariant()
        def nothing_twice_and_nothing_too_early(self) -> None:
            written = parts.do(steps.written_records(parts))
            assert len(written) == len(set(written)), "a record was written twice"
            assert set(written) <= set(self.model.committed), "a change that was never committed"
            for one in RECORDS:
                numbers = [seq for key, seq in written if key == one]
                assert numbers == sorted(numbers), "out of order"
            runs = parts.do(steps.opened(parts))
            assert len(runs) == len(set(runs)), "two runs of one change"

        def teardown(self) -> None:
            """Everybody finishes; then nothing is missing."""
            for writer in tuple(self.model.pending):
                self.roll_back(writer)
            for side in tuple(self.readers):
                parts.do(steps.end_read(self.readers.pop(side), survives=False))
            parts.do(steps.finish(parts))
            assert parts.do(steps.opened(parts)) == self.model.committed_in_order()
            written = parts.do(steps.written_records(parts))
            assert sorted(written) == sorted(self.model.committed)
            self.nothing_twice_and_nothing_too_early()

        def _is_owner(self, held: Held) -> bool:
            return self.model.holder.get(held.claim.id) == held.claim.attempt

    return Conveyor
