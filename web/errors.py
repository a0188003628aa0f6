"""What a visitor sees when something is wrong: one sentence, as a page or as JSON, never a traceback."""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from rulebook.errors import DimingError, RegisterError, StaleEditError
from rulebook.language import Text
from web.language import t

SENTENCES = {
    400: Text("请求不完整或写法不对。", "The request is incomplete or malformed."),
    404: Text("没有这个页面。", "There is no such page."),
    405: Text("这个地址不能这样访问。", "This address cannot be used that way."),
    413: Text("发送的内容太大。", "What was sent is too large."),
    500: Text(
        "程序自身出错，登记库没有被改动；细节记在运行窗口中，请报告。",
        "The program itself failed; the register was not changed. Details stand in the window it runs in: please report it.",
    ),
}


class NotFoundError(DimingError):
    """A finding, record, rule or change that is not there."""


def init_app(app: Flask) -> None:
    """Answer every error by a sentence."""
    app.register_error_handler(DimingError, _own)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _crash)


def wants_json() -> bool:
    """Whether the visitor is one of our scripts."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _own(fault: DimingError) -> tuple[Response | str, int]:
    match fault:
        case NotFoundError():
            code = 404
        case StaleEditError() | RegisterError():
            code = 409
        case _:
            code = 400
    return _answer(fault.text, code)


def _http(fault: HTTPException) -> tuple[Response | str, int]:
    code = fault.code or 500
    sentence = fault.description if isinstance(fault.description, Text) else SENTENCES.get(code, SENTENCES[400])
    return _answer(sentence, code)


def _crash(fault: Exception) -> tuple[Response | str, int]:
    current_app.logger.error("the program failed at %s", request.path, exc_info=fault)
    return _answer(SENTENCES[500], 500)


def _answer(sentence: Text, code: int) -> tuple[Response | str, int]:
    if wants_json():
        return jsonify(error=t(sentence)), code
    return render_template("error.html", sentence=sentence, code=code), code
