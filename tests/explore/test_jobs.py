"""Questions are answered by processes that can be ended; a small one stands in for the real one."""

import sys
import time

import pytest

from symrelu.explore.jobs import Jobs

SCRIPT = """
import json, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    number, question = asked["id"], asked["question"]
    def tell(what, data): print(json.dumps({"id": number, what: data}), flush=True)
    tell("say", "working")
    if asked["kind"] == "sleep": time.sleep(60)
    if asked["kind"] == "nap": time.sleep(1)
    if asked["kind"] == "die": sys.exit(1)
    if asked["kind"] == "refuse": tell("failed", {"error": "no", "class": "BadInput"}); continue
    tell("part", {"n": 1})
    tell("done", {"got": question})
"""
SOON = 20.0


@pytest.fixture
def jobs():
    made = Jobs((sys.executable, "-c", SCRIPT), most_seconds=2.0)
    yield made
    made.close()


def settled(jobs, job, *status):
    end = time.monotonic() + SOON
    while job.status not in (status or ("done", "failed", "stopped")):
        assert time.monotonic() < end, job
        jobs.wait(job, job.state, 0.2)
    return job


def about(family, **more):
    return {"family": {"blocks": family}, **more}


def test_an_answer_comes_once_and_is_kept(jobs):
    job = settled(jobs, jobs.ask("a", "echo", about("d", n=1)))
    assert job.answer == {"got": about("d", n=1)}
    assert job.parts == [{"n": 1}]
    assert jobs.ask("b", "echo", about("d", n=1)) is job  # another page has it at once


def test_a_refusal_is_kept_until_it_is_tried_again(jobs):
    job = settled(jobs, jobs.ask("a", "refuse", about("d")))
    assert (job.status, job.error, job.error_class) == ("failed", "no", "BadInput")
    assert jobs.ask("a", "refuse", about("d")) is job
    assert jobs.ask("a", "refuse", about("d"), again=True) is not job


def test_stopping_ends_the_process_and_the_next_question_is_answered(jobs):
    job = settled(jobs, jobs.ask("a", "sleep", about("d")), "running")
    process = jobs._lanes["a"]._process
    jobs.stop(job)
    assert job.status == "stopped"
    assert process.poll() is not None
    assert jobs.ask("a", "sleep", about("d")) is job  # drawing the page again does not begin it again
    assert settled(jobs, jobs.ask("a", "echo", about("d"))).status == "done"


def test_another_family_takes_the_place_of_what_runs(jobs):
    old = settled(jobs, jobs.ask("a", "sleep", about("d")), "running")
    new = jobs.ask("a", "echo", about("d-1,1"))
    assert old.status == "stopped"
    assert settled(jobs, new).status == "done"
    assert jobs.ask("a", "sleep", about("d")) is not old  # going back begins it anew


def test_a_newer_question_of_a_kind_takes_the_place_of_one_that_waits(jobs):
    first = settled(jobs, jobs.ask("a", "sleep", about("d")), "running")
    second, other, third = (
        jobs.ask("a", "echo", about("d", n=2)),
        jobs.ask("a", "refuse", about("d")),
        jobs.ask("a", "echo", about("d", n=3)),
    )
    assert (second.status, other.status, third.status) == ("stopped", "waiting", "waiting")
    jobs.stop(first)
    assert (settled(jobs, other).status, settled(jobs, third).status) == ("failed", "done")


def test_what_takes_too_long_is_ended(jobs):
    job = settled(jobs, jobs.ask("a", "sleep", about("d")))
    assert job.status == "failed"
    assert job.error.startswith("stopped after 0.0333 minutes")


def test_a_process_that_dies_is_replaced(jobs):
    assert "has died" in settled(jobs, jobs.ask("a", "die", about("d"))).error
    assert settled(jobs, jobs.ask("a", "echo", about("d"))).status == "done"


def test_closing_ends_everything(jobs):
    job = settled(jobs, jobs.ask("a", "sleep", about("d")), "running")
    process = jobs._lanes["a"]._process
    jobs.close()
    assert job.status == "stopped"
    assert process.poll() is not None
    assert jobs.ask("a", "echo", about("d")).status == "stopped"


def ended(process):
    end = time.monotonic() + SOON
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    return process.poll() is not None


def test_a_page_that_is_gone_leaves_no_process(jobs):
    job = settled(jobs, jobs.ask("a", "sleep", about("d")), "running")
    process = jobs._lanes["a"]._process
    jobs.release("a")
    assert ended(process) and job.status == "stopped"
    assert jobs.ask("b", "sleep", about("d")) is not job


def test_what_another_page_waits_for_is_finished(jobs):
    job = settled(jobs, jobs.ask("a", "nap", about("d")), "running")
    assert jobs.ask("b", "nap", about("d")) is job
    process = jobs._lanes["a"]._process
    jobs.release("a")
    assert settled(jobs, job).status == "done"
    assert ended(process)
    assert settled(jobs, jobs.ask("b", "echo", about("d"))).status == "done"


def test_the_real_worker_answers_and_refuses():
    jobs = Jobs()
    try:
        words = {"blocks": "d", "limit": "-"}
        done = settled(jobs, jobs.ask("a", "series", {"family": words, "order": 1}))
        assert done.answer["json"]["entries"]["a_1"] == ["-1", "0"]
        refused = settled(jobs, jobs.ask("a", "point", {"family": words, "d": "1/0", "matrix": False}))
        assert refused.error_class == "BadInput"
    finally:
        jobs.close()
