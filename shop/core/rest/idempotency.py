"""Every writing call carries an Idempotency-Key; the same call sent again gets the same answer."""

import json
from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.core import idempotency, refs
from shop.core.rest.errors import IdempotencyKeyRequired

WRITING = {"POST", "PUT", "PATCH", "DELETE"}
LONGEST_KEY = 100


class IdempotentMixin(APIView):
    """For views that write. The handler runs in one transaction with its key; with `idempotent_multi_phase`
    it runs in none (it calls the world outside) and the key is taken before and answered after. Refusals
    store nothing. The key is also at hand as `request.idempotency_key`."""

    idempotent_multi_phase: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in WRITING:
            return
        key = request.headers.get("Idempotency-Key", "").strip()
        if not key or len(key) > LONGEST_KEY:
            raise IdempotencyKeyRequired()
        request.idempotency_key = key  # type: ignore[attr-defined]
        name = request.method.lower()
        handler = getattr(self, name, None)
        if handler is not None:
            setattr(self, name, self._once(handler, key))

    def _once(self, handler: Callable[..., Response], key: str) -> Callable[..., Response]:
        run = idempotency.run_phased if self.idempotent_multi_phase else idempotency.run

        def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
            response, fresh = run(
                scope=f"{refs.user(request.user)} {request.method}",
                key=key,
                fingerprint=idempotency.fingerprint([request.path, request.data]),
                action=lambda: handler(request, *args, **kwargs),
                dump=_dump,
                load=_load,
            )
            if not fresh:
                response["Idempotent-Replay"] = "true"
            return response

        return answer


def _dump(response: Response) -> dict[str, Any]:
    return {
        "status": response.status_code,
        "data": json.loads(JSONRenderer().render(response.data) or b"null"),
    }


def _load(stored: Any) -> Response:
    return Response(stored["data"], status=stored["status"])
