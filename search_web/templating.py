"""How templates become HTML: Jinja with escaping and calls that cost little, since a long page has ten thousand.

What is escaped, and how, is markupsafe's: a text that has none of its signs is only handed on.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import FunctionType
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

_FUNCTIONS = (FunctionType, type(lru_cache(len)))
_SIGNS = re.compile("[&<>\"']").search


def escaped(value: Any) -> str:
    """Return a value as a part of a page: markup as it is, anything else escaped."""
    kind = type(value)
    if kind is Markup or (kind is str and not _SIGNS(value)):
        return value  # type: ignore[no-any-return]
    return escape(value)


class _Generator(CodeGenerator):
    """Writes `environment.escaped(…)` around what a template puts out, in place of `escape(…)`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class _Context(Context):
    """Calls functions and macros without asking each time whether they want the context of the template."""

    def call(self, called: Any, /, *args: Any, **values: Any) -> Any:
        kind = type(called)
        if kind is not Macro and (kind not in _FUNCTIONS or hasattr(called, "jinja_pass_arg")):
            return super().call(called, *args, **values)
        if values:  # names of the place of the call, of use to what wants the context
            values.pop("_block_vars", None)
            values.pop("_loop_vars", None)
        return called(self.eval_ctx, *args, **values) if kind is Macro else called(*args, **values)


class PageEnvironment(Environment):
    """The environment of an application's templates."""

    code_generator_class = _Generator
    context_class = _Context
    escaped = staticmethod(escaped)
