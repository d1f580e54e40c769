"""Work side by side: the only part of the library with threads and helper processes.

A gradient is a sum over samples, so a batch can be cut into lanes that are worked on side by side. Floating point
sums depend on their order; therefore how a batch is cut depends on the network and the batch alone, and the lanes'
gradients are added in the lanes' order: the same seed gives the same weights bit for bit whatever the number of
threads, and whoever has worked on a lane.

=================  ================================================================================
`cores`            how many there are, and one thread for each matrix product
`lanes`            how a batch is cut, and how one lane is worked on
`reading`          many frames, a chunk at a time, dealt out likewise
`threads`          for few and large pieces of work: vectors added, batches prepared, dense networks
`gradients`        the gradient of a batch, its lanes dealt out to this process and to helpers
`helpers`          the processes that take lanes, seen from here
`helper_process`   the same, seen from there
`exchange`         the memory that both see
=================  ================================================================================
"""

from nn.parallel.cores import available_cores, one_blas_thread
from nn.parallel.gradients import GradientWorkers
from nn.parallel.helpers import helper_pids
from nn.parallel.lanes import BatchResult, ignore_overflow, lanes_of
from nn.parallel.reading import WORTH_DEALING, WORTH_HELPERS, read_frames
from nn.parallel.threads import WORTH_A_PART, ahead, deal, parts_worth

__all__ = [
    "WORTH_A_PART",
    "WORTH_DEALING",
    "WORTH_HELPERS",
    "BatchResult",
    "GradientWorkers",
    "ahead",
    "available_cores",
    "deal",
    "helper_pids",
    "ignore_overflow",
    "lanes_of",
    "one_blas_thread",
    "parts_worth",
    "read_frames",
]
