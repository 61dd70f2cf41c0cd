"""What the in-app browser of the WeChat phone loads."""


from local.sandbox.box import Box
from local.sandbox.http import Request, Response, json_response


def answer(box: Box, request: Request) -> Response:
    return json_response({}, 404)
