# SPDX-License-Identifier: GPL-3.0-or-later
"""A training step of a small network in PyTorch: networkstep.py NETWORK BATCH THREADS STYLE.

STYLE: "usual" as people write it; "tuned": fused optimizer, gradients to None, no item() but one a call; "channels-last":
the same with that layout. Prints 0 when it is ready, then answers each line "steps N" with the seconds that N steps took.
"""
import pathlib
import sys
import time

import torch
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

network, batch, threads, style = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(threads)
torch.manual_seed(1)
make, shape = NETWORKS[network]
model = make()
inputs, labels = torch.randn(batch, *shape), torch.randint(0, 10, (batch,))
if style == "channels-last":
    model, inputs = model.to(memory_format=torch.channels_last), inputs.contiguous(memory_format=torch.channels_last)
model.train()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **({} if style == "usual" else {"fused": True}))
criterion = nn.CrossEntropyLoss()


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    return loss.item() if style == "usual" else loss


print(0, flush=True)
for line in sys.stdin:
    begin = time.perf_counter()
    for _ in range(int(line.split()[1])):
        last = step()
    float(last.detach() if hasattr(last, "detach") else last)
    print(time.perf_counter() - begin, flush=True)
