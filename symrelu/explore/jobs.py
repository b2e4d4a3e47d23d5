"""Questions and the processes that answer them: each lane one process, which can be ended in the middle of its work.

Threads ask and read; a thread for each lane starts the process, hands it one question at a time, and ends it when a job
is stopped, or has run for too long. Answers are kept, so that a page that asks again has them at once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

MOST_SECONDS = 600.0  # that one question may take
MOST_KEPT = 400  # answers
IDLE = 900.0  # seconds after which a process that is asked nothing is ended
LOOK = 0.2  # seconds between two looks at the clock

Status = Literal["waiting", "running", "done", "failed", "stopped"]
COMMAND = (sys.executable, "-m", "symrelu.explore.worker")


@dataclass(eq=False)
class Job:
    """A question and how far its answer is.

    status: "waiting", "running", "done", "failed" or "stopped". said: what is being done. parts: of the answer, so far.
    answer: the whole one. error: why there is none, in a line; error_class: of which kind. families: how many there are
    where one must be chosen. seconds: how long it has run. askers: the lanes of all that asked; runs_in: the
    one whose process answers.
    """

    kind: str
    question: Mapping[str, Any]
    lane: str
    status: Status = "waiting"
    said: str = ""
    parts: list[dict[str, Any]] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    error_class: str = ""
    families: int = 0
    began: float = 0.0
    seconds: float = 0.0
    askers: set[str] = field(default_factory=set)
    runs_in: _Lane | None = None

    @property
    def state(self) -> tuple[Any, ...]:
        """What changes when there is news."""
        return self.status, self.said, len(self.parts)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.status in ("done", "failed", "stopped")


class Jobs:
    """All lanes. Parameters: ``command``, what a worker is started with; ``most_seconds``, that a question may take."""

    def __init__(self, command: tuple[str, ...] = COMMAND, most_seconds: float = MOST_SECONDS) -> None:
        self.command, self.most_seconds = command, most_seconds
        self.changed = threading.Condition()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lanes: dict[str, _Lane] = {}
        self._closed = False

    def ask(self, lane: str, kind: str, question: Mapping[str, Any], again: bool = False) -> Job:
        """The job of this question: one that is done already, under way, or new. It never waits.

        What waits in the lane gives way to a newer question of its kind; what runs there is ended if it is about
        another family: both are then forgotten. What a user stopped, or what failed, is tried once more only if
        ``again`` is set.
        """
        key = _key(kind, question)
        with self.changed:
            known = self._jobs.get(key)
            if known is not None and not (again and known.status in ("stopped", "failed")):
                known.askers.add(lane)
                self._jobs.move_to_end(key)
                return known
            job = Job(kind, question, lane, askers={lane})
            self._jobs[key] = job
            while len(self._jobs) > MOST_KEPT:
                oldest, old = next(iter(self._jobs.items()))
                if not old.is_over:
                    break
                del self._jobs[oldest]
            if self._closed:
                job.status = "stopped"
                return job
            if lane not in self._lanes:
                self._lanes[lane] = _Lane(self)
            self._lanes[lane].add(job)
            self.changed.notify_all()
        return job

    def warm(self, *lanes: str) -> None:
        """Start the processes of these lanes, which takes a second or two, before the first question."""
        with self.changed:
            for lane in lanes:
                if lane not in self._lanes and not self._closed:
                    self._lanes[lane] = _Lane(self)

    def release(self, *lanes: str) -> None:
        """End these lanes, whose page is gone; what another page waits for is finished first."""
        with self.changed:
            for job in self._jobs.values():
                job.askers.difference_update(lanes)
            for name in lanes:
                if name in self._lanes:
                    self._lanes.pop(name).release()

    def forget(self, job: Job) -> None:
        """Take an unfinished job out of what is kept, so that it is begun anew when it is asked for again."""
        self._jobs.pop(_key(job.kind, job.question), None)

    def stop(self, job: Job) -> None:
        """End a job: at once if it waits, with its process if it runs."""
        with self.changed:
            if not job.is_over and job.runs_in is not None:
                job.runs_in.end(job)

    def wait(
        self, job: Job, seen: tuple[Any, ...], seconds: float, give_up: Callable[[], bool] = lambda: False
    ) -> None:
        """Wait until a job's ``state`` is another one than was seen, at most so long, or until the caller gives up."""
        end = time.monotonic() + seconds
        with self.changed:
            while job.state == seen and not give_up():
                left = end - time.monotonic()
                if left <= 0:
                    return
                self.changed.wait(min(left, LOOK))

    def close(self) -> None:
        """End all processes; nothing is answered any more."""
        with self.changed:
            self._closed = True
            for job in self._jobs.values():
                if not job.is_over:
                    job.status = "stopped"
                if job.runs_in is not None:
                    job.runs_in.kill()
            for lane in self._lanes.values():
                lane.kill()
            self.changed.notify_all()


def _key(kind: str, question: Mapping[str, Any]) -> str:
    return json.dumps([kind, question], sort_keys=True)


class _Lane:
    """One process and the questions that wait for it. All methods are called with the lock of the jobs held."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.waiting: deque[Job] = deque()
        self.running: Job | None = None
        self._number = 0
        self._released = False
        self._asked = time.monotonic()
        self._process = self._started()
        threading.Thread(target=self._watch, daemon=True, name="symrelu explore").start()

    def _started(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(self.jobs.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._listen, args=(process,), daemon=True, name="symrelu explore").start()
        return process

    def add(self, job: Job) -> None:
        """Queue a job; older ones of its kind that wait, and those of other families, give way."""
        self._asked = time.monotonic()
        job.runs_in = self
        family = job.question.get("family")
        for old in list(self.waiting):
            if old.kind == job.kind or old.question.get("family") != family:
                self._give_way(old)
        if self.running is not None and self.running.question.get("family") != family:
            self._give_way(self.running)
        self.waiting.append(job)
        self.next()

    def _give_way(self, job: Job) -> None:
        self.jobs.forget(job)
        self.end(job)

    def next(self) -> None:
        """Hand the process the first job that waits, if it is free."""
        if self.running is not None or not self.waiting or self.jobs._closed:
            return
        if self._process.poll() is not None:  # it was ended when nobody asked anything for long
            self._process = self._started()
        job = self.running = self.waiting.popleft()
        job.status, job.began = "running", time.monotonic()
        self._number += 1
        line = json.dumps({"id": self._number, "kind": job.kind, "question": dict(job.question)})
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it has died: the listening thread says so

    def end(self, job: Job, why: str = "") -> None:
        """Stop a job, or let it fail if a reason is given."""
        if job is self.running:
            self.running = None
            self.kill()
            self._process = self._started()
        elif job in self.waiting:
            self.waiting.remove(job)
        job.status, job.error = ("failed" if why else "stopped"), why
        self.jobs.changed.notify_all()
        self.next()

    def release(self) -> None:
        """Drop what nobody waits for any more, and end when the rest is done."""
        self._released = True
        for job in [*self.waiting, *([] if self.running is None else [self.running])]:
            if not job.askers:
                self._give_way(job)

    def kill(self) -> None:
        """End the process, without asking it."""
        self._process.kill()
        self._process.wait()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None and process.stdin is not None
        for line in process.stdout:
            self._heard(process, json.loads(line))
        with self.jobs.changed:
            if process is self._process and self.running is not None and not self.jobs._closed:  # it died by itself
                self.end(self.running, "the process that computed it has died; memory may be short")
        process.stdout.close()
        process.stdin.close()

    def _heard(self, process: subprocess.Popen[str], told: dict[str, Any]) -> None:
        with self.jobs.changed:
            job = self.running
            if process is not self._process or job is None or told["id"] != self._number:
                return
            job.seconds = time.monotonic() - job.began
            if "say" in told:
                job.said = told["say"]
            elif "part" in told:
                job.parts.append(told["part"])
            else:
                self.running = None
                if "done" in told:
                    job.status, job.answer = "done", told["done"]
                else:
                    job.error, job.error_class = told["failed"]["error"], told["failed"]["class"]
                    job.families = told["failed"].get("families", 0)
                    job.status = "failed"
                self.next()
            self.jobs.changed.notify_all()

    def _watch(self) -> None:
        """Keep the clock: what runs for too long is ended."""
        while True:
            with self.jobs.changed:
                if self._released and self.running is None:
                    self.kill()
                if self.jobs._closed or (self._released and self.running is None):
                    return
                job = self.running
                if job is None and time.monotonic() - self._asked > IDLE and self._process.poll() is None:
                    self.kill()
                if job is not None:
                    job.seconds = time.monotonic() - job.began
                    if job.seconds > self.jobs.most_seconds:
                        minutes = self.jobs.most_seconds / 60
                        self.end(job, f"stopped after {minutes:.3g} minutes; try the command line, which has no limit")
            time.sleep(LOOK)


_shared: list[Jobs] = []


def shared() -> Jobs:
    """The jobs of this process, whose answers all pages share; each page has lanes of its own."""
    if not _shared:
        _shared.append(Jobs())
    return _shared[0]
