# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that people start with, in PyTorch: NETWORKS has for each name what makes it, and its input's shape."""
import pathlib
import sys

from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "interop"))
from lenet import lenet  # noqa: E402
from resnet20 import ResNet20  # noqa: E402


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Dropout(0.2), nn.Linear(512, 256), nn.ReLU(),
                         nn.Dropout(0.2), nn.Linear(256, 10))


def stages(convolutions):
    layers, before = [], 3
    for width in (32, 64, 128):
        for _ in range(convolutions):
            layers += [nn.Conv2d(before, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            before = width
        layers.append(nn.MaxPool2d(2))
    return layers


def threeblocks():
    return nn.Sequential(*stages(1), nn.Flatten(), nn.Linear(128 * 4 * 4, 10))


def smallcnn():
    return nn.Sequential(*stages(2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(128, 10))


NETWORKS = {"lenet": (lenet, (1, 28, 28)), "mlp": (mlp, (1, 28, 28)), "threeblocks": (threeblocks, (3, 32, 32)),
            "smallcnn": (smallcnn, (3, 32, 32)), "resnet20": (lambda: ResNet20(10), (3, 32, 32))}
