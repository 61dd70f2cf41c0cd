"""Refusals about goods on the shelf."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class NotAVideo(Refusal):
    """The file is no MP4 with pictures in it that browsers play."""

    code = "not_a_video"
    status = 400
    message = _("This is not a video we can use. Please send an MP4 (H.264).")


class VideoTooLarge(Refusal):
    """extra: megabytes."""

    code = "video_too_large"
    status = 400
    message = _("This video is too large. Please keep it under {megabytes} MB.")


class VideoLength(Refusal):
    """The video is too short or too long. extra: seconds, shortest, longest."""

    code = "video_length"
    status = 400
    message = _("This video lasts {seconds} seconds. It should be {shortest} to {longest}.")


class TooManyVideos(Refusal):
    """extra: limit."""

    code = "too_many_videos"
    status = 400
    message = _("A product has at most {limit} videos.")


class TakenDown(Refusal):
    """The product was taken down and what followed isn't settled. extra: cause (words)."""

    code = "taken_down"
    message = _("It was taken down ({cause}). Settle that first.")


class AlreadyAnswered(Refusal):
    """Somebody else was faster."""

    code = "already_answered"
    message = _("Somebody has answered this already.")


class ChecklistIncomplete(Refusal):
    """Every item of a spot check needs a yes or a no."""

    code = "checklist_incomplete"
    status = 400
    message = _("Say yes or no to every point.")


class NothingToUndo(Refusal):
    code = "nothing_to_undo"
    message = _("This picture is as it was sent.")


class PlanUnclear(Refusal):
    """Dates of a seasonal plan don't fit. extra: detail."""

    code = "plan_unclear"
    status = 400
    message = _("The plan doesn't work out: {detail}")
