"""Our own styles, scripts and portraits."""

from pathlib import Path

from local.sandbox import faces
from local.sandbox.http import Response, json_response

STATIC = Path(__file__).with_name("static")
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def serve(path: str) -> Response | None:
    """The file at /static/… or /faces/…, 404 for an unknown one; None when the path means something else."""
    if path.startswith("/static/"):
        return _static(path.removeprefix("/static/"))
    if path.startswith("/faces/"):
        picture = faces.picture(path.removeprefix("/faces/").removesuffix(".png"))
        return Response(200, picture, {"Content-Type": "image/png", "Cache-Control": "max-age=3600"})
    return None


def _static(name: str) -> Response:
    file = STATIC / name
    if file.parent != STATIC or file.suffix not in TYPES or not file.is_file():
        return json_response({"error": "not_found", "message": name}, 404)
    return Response(
        200, file.read_bytes(), {"Content-Type": TYPES[file.suffix], "Cache-Control": "max-age=60"}
    )
