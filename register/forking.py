"""Work shared among processes that are forked, so that they see what has been loaded without a copy."""

from __future__ import annotations

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator

_work: Callable[[int], bytes] | None = None


def can_fork() -> bool:
    """Whether processes can be forked here and there is more than one processor for them."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def forked(work: Callable[[int], bytes], tasks: Iterable[int]) -> Iterator[bytes]:
    """``work`` of every task, in order, by as many processes as there are processors. An error in one is raised here."""
    global _work  # noqa: PLW0603 - what children inherit has to stand in the module
    _work = work
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of libraries are idle here and not needed there
        pool = multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0)))
    try:
        yield from pool.imap(_inherited, tasks)
    finally:
        pool.terminate()
        pool.join()
        _work = None


def _inherited(task: int) -> bytes:
    assert _work is not None
    return _work(task)
