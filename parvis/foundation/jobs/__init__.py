"""Work for later: jobs in the same PostgreSQL, committed together with the change that asks for them.

`@job` declares one (`@long_job` one without a transaction around it), `enqueue()` asks for it, `@every()` repeats one in each organization. Behind stands
procrastinate (docs/adr/0011); nothing outside this folder imports it.

queueing   declare and ask
periodic   repeat
aside      much work that nobody waits for, in a nicer process of its own
ending     whether long work should stop after the step that it is in
worker     run them: a thread with its own loop and pool, or at once in tests
upkeep     jobs whose worker died, jobs that failed, figures for the health check
trigger    the queue's own trigger, silenced
"""

from parvis.foundation.jobs.ending import is_ending
from parvis.foundation.jobs.periodic import every
from parvis.foundation.jobs.queueing import (
    JobRequest,
    enqueue,
    enqueue_all,
    job,
    job_name,
    long_job,
    register,
)
from parvis.foundation.jobs.upkeep import failed_jobs, queue_figures, retry_failed_job
from parvis.foundation.jobs.worker import run_pending_jobs

__all__ = [
    "JobRequest",
    "enqueue",
    "enqueue_all",
    "every",
    "failed_jobs",
    "is_ending",
    "job",
    "job_name",
    "long_job",
    "queue_figures",
    "register",
    "retry_failed_job",
    "run_pending_jobs",
]
