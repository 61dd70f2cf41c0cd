from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core import clock
from shop.core.states import Machine, TransitionRow
from shop.core.terms import JobStatus

JOB_STATES = Machine(
    "job",
    initial=JobStatus.WAITING,
    moves={
        JobStatus.WAITING: [JobStatus.RUNNING, JobStatus.FAILED],
        JobStatus.RUNNING: [JobStatus.DONE, JobStatus.FAILED],
    },
)


class Job(models.Model):
    """Progress of long work that a person started and waits for."""

    kind = models.CharField(_("kind"), max_length=60)
    status = models.CharField(
        _("status"), max_length=20, choices=JobStatus.choices, default=JobStatus.WAITING
    )
    total = models.PositiveIntegerField(_("units in all"), default=0)
    done_count = models.PositiveIntegerField(_("units done"), default=0)
    failed_count = models.PositiveIntegerField(_("units failed"), default=0)
    message = models.CharField(_("message"), max_length=300, blank=True)
    arguments = models.JSONField(_("arguments"), default=dict)
    result = models.JSONField(_("result"), default=dict)
    actor = models.CharField(_("actor"), max_length=60)
    created_at = models.DateTimeField(_("created at"), default=clock.page_now, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    beat_at = models.DateTimeField(_("last sign of life"), null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [JOB_STATES.constraint("core.job")]
        indexes = [models.Index(fields=["kind", "-id"], name="job_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.done_count}/{self.total}"


class JobTransition(TransitionRow):
    job = models.ForeignKey(Job, models.CASCADE, related_name="transitions")


class JobRun(models.Model):
    """Heartbeat of one beat job: its latest run. One row a job."""

    name = models.CharField(_("name"), max_length=100, primary_key=True)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    succeeded_at = models.DateTimeField(_("last success"), null=True)
    is_ok = models.BooleanField(_("in order"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("periodic job")
        verbose_name_plural = _("periodic jobs")

    def __str__(self) -> str:
        return self.name
