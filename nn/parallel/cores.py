"""How many cores there are, and that a matrix product keeps to one.

numpy's own matrix products are kept to one thread each: on small matrices its threads cost more than they bring,
and they fight with the thread that draws the window.
"""

from __future__ import annotations

import os
from functools import cache

from threadpoolctl import threadpool_limits


@cache
def one_blas_thread() -> None:
    """Keep matrix products to one thread each, for the whole process, from now on."""
    threadpool_limits(limits=1, user_api="blas")


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
