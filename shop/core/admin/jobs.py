"""Long work somebody started: the list, and a page that follows it until it ends."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from shop.core import long_work
from shop.core.admin.base import ReadOnlyAdmin, actor
from shop.core.admin.people import NamedActors, names
from shop.core.models import Job, JobRun
from shop.core.terms import JobStatus

COLOURS = {
    JobStatus.WAITING.value: "info",
    JobStatus.RUNNING.value: "info",
    JobStatus.DONE.value: "success",
    JobStatus.FAILED.value: "danger",
}
OVER = (JobStatus.DONE, JobStatus.FAILED)


@admin.register(Job)
class JobAdmin(NamedActors, ReadOnlyAdmin):
    list_display = ("show_kind", "show_status", "progress", "message", "who", "created_at", "finished_at")
    list_filter = ("status", "kind")
    ordering = ("-id",)

    def get_urls(self) -> list[Any]:
        door = self.admin_site.admin_view
        return [
            path("<int:job_id>/progress/", door(self.follow), name="core_job_progress"),
            path("<int:job_id>/state/", door(self.state), name="core_job_state"),
            *super().get_urls(),
        ]

    def follow(self, request: HttpRequest, job_id: int) -> HttpResponse:
        """The page; it may be left and opened again at any time."""
        job = self._job(request, job_id)
        context = {**self.admin_site.each_context(request), "title": label(job), **self._facts(job)}
        return TemplateResponse(request, "admin/core/job.html", context)

    def state(self, request: HttpRequest, job_id: int) -> HttpResponse:
        """The part that changes, for the page that asks every second."""
        return TemplateResponse(request, "admin/core/job_state.html", self._facts(self._job(request, job_id)))

    @display(description=_("kind"), ordering="kind")  # type: ignore[untyped-decorator]
    def show_kind(self, job: Job) -> SafeString:
        address = reverse("admin:core_job_progress", args=[job.pk])
        return format_html('<a href="{}" class="font-medium">{}</a>', address, label(job))

    @display(description=_("status"), ordering="status", label=COLOURS)  # type: ignore[untyped-decorator]
    def show_status(self, job: Job) -> tuple[str, str]:
        return job.status, job.get_status_display()

    @display(description=_("progress"))  # type: ignore[untyped-decorator]
    def progress(self, job: Job) -> str:
        return f"{job.done_count} / {job.total}" if job.total else str(job.done_count)

    def _job(self, request: HttpRequest, job_id: int) -> Job:
        """Who asked for it and who may see all jobs, provided they may do such work."""
        job = Job.objects.filter(pk=job_id).first()
        if job is None:
            raise Http404
        kind = long_work.kind(job.kind)
        is_theirs = job.actor == actor(request) or request.user.has_perm("core.view_job")
        if not is_theirs or (kind and not request.user.has_perm(kind.permission)):
            raise PermissionDenied
        return job

    def _facts(self, job: Job) -> dict[str, Any]:
        kind = long_work.kind(job.kind)
        file_name, file_link = long_work.file_link(job)
        return {
            "job": job,
            "is_over": job.status in OVER,
            "tone": COLOURS[job.status],
            "who": names([job.actor]).get(job.actor, ""),
            "percent": min(100, 100 * job.done_count // job.total) if job.total else 0,
            "report": kind.template if kind else "",
            "file_name": file_name,
            "file_link": file_link,
            "days": long_work.FILES_KEPT.days,
        }


def label(job: Job) -> str:
    """What kind of work it is, in words."""
    kind = long_work.kind(job.kind)
    return str(kind.label) if kind else job.kind


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ("name", "is_ok", "started_at", "finished_at", "succeeded_at", "error")
    ordering = ("name",)
