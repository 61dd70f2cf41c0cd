"""Parts of a file, as players of videos ask for them; some phones play nothing that can't be had in parts."""

import re

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

ASKED = re.compile(r"bytes=(\d*)-(\d*)")
AT_ONCE = 4 * 1024 * 1024


def in_part(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The part the request names, at most 4 MiB of it, or the whole file for a request that names none or
    several. A part that isn't there is 416."""
    if not isinstance(response, FileResponse) or response.status_code != 200:
        return response
    response["Accept-Ranges"] = "bytes"
    found = ASKED.fullmatch(request.headers.get("Range", "").strip())
    size = int(response["Content-Length"])
    if found is None or not (found[1] or found[2]):
        return response
    start = int(found[1]) if found[1] else max(size - int(found[2]), 0)
    end = min(int(found[2]) if found[1] and found[2] else size - 1, size - 1, start + AT_ONCE - 1)
    file = response.file_to_stream
    if start > end or file is None:
        if file is not None:
            file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file.seek(start)
    part = HttpResponse(file.read(end - start + 1), status=206, content_type=response["Content-Type"])
    part["Content-Range"] = f"bytes {start}-{end}/{size}"
    part["Accept-Ranges"] = "bytes"
    file.close()
    return part
