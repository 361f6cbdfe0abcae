# SPDX-License-Identifier: GPL-3.0-or-later
"""What the peers share: LeNet in Keras' form, MNIST's files, and the clock around the second epoch's steps."""
import gzip
import json
import pathlib
import struct
import time

import numpy
import torch
from torch import nn

BATCH = 128
TRAIN_COUNT = 54_000  # the last tenth validates, as in TorchDesk's recipe


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(256, 120), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(120, 84), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(84, 10))


def read_idx(folder, name):
    for path in (pathlib.Path(folder) / name, pathlib.Path(folder) / f"{name}.gz"):
        if path.exists():
            with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
                data = file.read()
            sizes = struct.unpack(f">{data[3]}I", data[4:4 + 4 * data[3]])
            return torch.from_numpy(numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * data[3]).reshape(sizes).copy())
    raise SystemExit(f"there is no {name} in {folder}")


def training_part(folder):
    images = read_idx(folder, "train-images-idx3-ubyte")[:TRAIN_COUNT].unsqueeze(1)
    labels = read_idx(folder, "train-labels-idx1-ubyte")[:TRAIN_COUNT].long()
    return images, labels


def report(epoch, epochs):
    """Runs the epochs and prints the seconds of the last one; those before it warm up."""
    seconds = 0.0
    for _ in range(epochs):
        begin = time.perf_counter()
        loss, accuracy = epoch()
        seconds = time.perf_counter() - begin
    print(json.dumps({"train_seconds": seconds, "loss": loss, "accuracy": accuracy}))
