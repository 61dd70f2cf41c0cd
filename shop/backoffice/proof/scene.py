"""One promise, tried: what is done, what is expected, what came."""

from dataclasses import dataclass

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Scene:
    """`more` are lines shown below, as they are."""

    title: Words
    done: Words
    expected: Words
    came: Words
    is_kept: bool
    more: tuple[str, ...] = ()
