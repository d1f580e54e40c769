"""How much memory a training takes at its highest: in a process of its own, so that nobody else's is counted.

``python versus_memory.py ours|pytorch NAME FOLDER`` trains one row's network (for PyTorch NAME is a file that
`pickled_training` has written) on the digits in FOLDER and writes how large the process became: interpreter,
libraries, digits as bytes, weights, gradients and buffers; our helper processes count with it. What is asked of
the system is the highest resident size: ``VmHWM``, and where there is none ``ru_maxrss``, which on Linux would
begin at the size of whoever started this.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from struct import pack
from typing import TYPE_CHECKING

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Bytes

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
IMAGES_HEADER, LABELS_HEADER = 16, 8


def write_digits(folder: Path, images: Bytes, labels: Bytes) -> None:
    """Write digits as MNIST's files, unpacked, so that neither side has to unpack them."""
    for name, values in ((IMAGES, images), (LABELS, labels)):
        header = pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
        (folder / name).write_bytes(header + values.tobytes())


def peak_bytes(side: str, name: object, folder: Path) -> float:
    """Train in a process of its own, and return how large it became."""
    command = [sys.executable, __file__, side, str(name), str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def largest_size(helpers: Sequence[int] = ()) -> int:
    """Return the highest resident size of this process so far, in bytes, and of its helpers beside it."""
    if Path("/proc/self/status").exists():
        # The pages of the interpreter and of numpy are there once, and so is what we and a helper exchange.
        shared = sum(_size("RssFile", pid) + _size("RssShmem", pid) for pid in helpers)
        return _size("VmHWM") + sum(_size("VmHWM", pid) for pid in helpers) - shared
    import resource  # noqa: PLC0415 - of Unix alone

    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024


def _size(what: str, pid: int | str = "self") -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) * 1024


def train_ours(name: str, folder: Path) -> int:
    """Train with `nn`, as our users do; return how much memory it took."""
    from itertools import islice  # noqa: PLC0415 - each side loads what it needs and no more

    from nn.data.dataset import DigitData  # noqa: PLC0415
    from nn.data.mnist import load_mnist_training  # noqa: PLC0415
    from nn.events import StepTaken  # noqa: PLC0415
    from nn.parallel import available_cores, helper_pids  # noqa: PLC0415
    from nn.training import train  # noqa: PLC0415
    from versus_rows import MEMORIES  # noqa: PLC0415

    work = next(work for work in MEMORIES if work.name == name)
    digits = load_mnist_training(folder)
    data = DigitData(digits, digits.subset(slice(1)), None, "MNIST")
    training = train(work.build(), data, work.config(available_cores()))
    for _ in islice((event for event in training if isinstance(event, StepTaken)), work.updates):
        pass
    training.close()
    return largest_size(helper_pids())


def train_pytorch(weights: str, folder: Path) -> int:
    """Train a pickled module with PyTorch, from bytes scaled batch by batch, with nothing of ours loaded."""
    import torch  # noqa: PLC0415 - as above

    module, batch, updates, optimizer, rate, threads = torch.load(weights, weights_only=False)
    torch.set_num_threads(threads)
    images = torch.from_numpy(np.fromfile(folder / IMAGES, np.uint8, offset=IMAGES_HEADER)).reshape(-1, 28, 28)
    labels = torch.from_numpy(np.fromfile(folder / LABELS, np.uint8, offset=LABELS_HEADER)).long()
    is_flat = isinstance(module[0], torch.nn.Linear)
    shape = (-1, 784) if is_flat else (-1, 1, 28, 28)
    stepper = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer](module.parameters(), lr=rate)
    order = torch.randperm(len(images))
    for start in range(0, updates * batch, batch):
        chosen = order[start : start + batch]
        stepper.zero_grad(set_to_none=True)
        outputs = module((images[chosen].float() / 255).reshape(shape))
        torch.nn.functional.cross_entropy(outputs, labels[chosen]).backward()
        stepper.step()
    return largest_size()


def main() -> None:
    """Train, and tell."""
    side, name, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    size = {"ours": train_ours, "pytorch": train_pytorch}[side](name, folder)
    sys.stdout.write(f"{size}\n")


if __name__ == "__main__":
    main()
