# SPDX-License-Identifier: GPL-3.0-or-later
"""What the peers of LeNet share, whatever they are written with: MNIST's files and the clock around an epoch."""
import gzip
import json
import pathlib
import struct
import time

import numpy

BATCH = 128
TRAIN_COUNT = 54_000  # the last tenth validates, as in TorchDesk's recipe


def read_idx(folder, name):
    for path in (pathlib.Path(folder) / name, pathlib.Path(folder) / f"{name}.gz"):
        if path.exists():
            with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
                data = file.read()
            sizes = struct.unpack(f">{data[3]}I", data[4:4 + 4 * data[3]])
            return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * data[3]).reshape(sizes).copy()
    raise SystemExit(f"there is no {name} in {folder}")


def training_part(folder):
    return (read_idx(folder, "train-images-idx3-ubyte")[:TRAIN_COUNT], read_idx(folder, "train-labels-idx1-ubyte")[:TRAIN_COUNT])


def test_part(folder):
    return read_idx(folder, "t10k-images-idx3-ubyte"), read_idx(folder, "t10k-labels-idx1-ubyte")


def report(version, epochs, epoch, accuracy):
    """Runs the epochs and prints the seconds of the last one (those before it warm up) and the accuracy after them."""
    seconds = 0.0
    for _ in range(epochs):
        begin = time.perf_counter()
        epoch()
        seconds = time.perf_counter() - begin
    print(json.dumps({"version": version, "train_seconds": seconds, "test_accuracy": accuracy()}))
