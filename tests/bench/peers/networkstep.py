# SPDX-License-Identifier: GPL-3.0-or-later
"""A small network in PyTorch: networkstep.py NETWORK BATCH THREADS STYLE.

STYLE: "usual" as people write it; "tuned": fused optimizer, gradients to None, no item() but one a call; "channels-last":
the same with that layout. Prints 0 when it is ready, then answers each line: "steps N" with the seconds that N steps on one
batch took, "accuracy EPOCHS FILE" with the test accuracy after so many epochs on the data that sets.py wrote.
"""
import sys
import time

import numpy
import torch
from networks import NETWORKS
from torch import nn

network, batch, threads, style = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(threads)
layout = torch.channels_last if style == "channels-last" else torch.contiguous_format
criterion = nn.CrossEntropyLoss()


class Training:
    def __init__(self):
        torch.manual_seed(1)
        self.model = NETWORKS[network][0]().to(memory_format=layout)
        self.model.train()
        fused = {} if style == "usual" else {"fused": True}
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, **fused)

    def step(self, inputs, labels):
        self.optimizer.zero_grad(set_to_none=True)
        loss = criterion(self.model(inputs), labels)
        loss.backward()
        self.optimizer.step()
        return loss.item() if style == "usual" else loss


one = Training()
shape = NETWORKS[network][1]
random = torch.randn(batch, *shape).contiguous(memory_format=layout), torch.randint(0, 10, (batch,))


def steps(count):
    begin = time.perf_counter()
    for _ in range(int(count)):
        last = one.step(*random)
    float(last.detach() if hasattr(last, "detach") else last)
    return time.perf_counter() - begin


def prepared(images):
    """Bytes [sample, row, column, channel] as the network takes them."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(memory_format=layout).float() / 255


def accuracy(epochs, file):
    data = numpy.load(file)
    images, labels = torch.from_numpy(data["train_images"]), torch.from_numpy(data["train_labels"])
    training = Training()
    for _ in range(int(epochs)):
        for indices in torch.randperm(len(images)).split(batch):
            training.step(prepared(images[indices].numpy()), labels[indices])
    training.model.eval()
    right = 0
    with torch.inference_mode():
        for first in range(0, len(data["test_images"]), 1000):
            part = slice(first, first + 1000)
            answers = training.model(prepared(data["test_images"][part])).argmax(1).numpy()
            right += int((answers == data["test_labels"][part]).sum())
    return right / len(data["test_labels"])


print(0, flush=True)
for line in sys.stdin:
    what, *more = line.split()
    print({"steps": steps, "accuracy": accuracy}[what](*more), flush=True)
