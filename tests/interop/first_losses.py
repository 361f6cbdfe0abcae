# SPDX-License-Identifier: GPL-3.0-or-later
"""The first losses of AlexNet and of ResNet-20 as PyTorch computes them.

Arguments: weights NETWORK CLASSES FILE writes weights to begin with (NETWORK: alexnet, resnet20); losses FOLDER reads
start.safetensors, samples.bin (uint8, in the order of training) and job.json (network, classes, shape; values: what each
byte becomes in each channel; labels; batches: their sizes; rates: one a batch; threads, momentum, decay) from there and
prints the loss of each batch as JSON.
"""
import json
import pathlib
import sys

import numpy
import safetensors.torch
import torch
import torchvision
from torch import nn

from resnet20 import ResNet20


def network_of(name, classes):
    return torchvision.models.alexnet(num_classes=classes, dropout=0.0) if name == "alexnet" else ResNet20(classes)


def inputs_of(batch, values):
    return torch.stack([values[batch[:, channel].long(), channel] for channel in range(values.shape[1])], 1)


def write_weights(name, classes, file):
    torch.manual_seed(4)
    safetensors.torch.save_file(network_of(name, classes).state_dict(), file)


def print_losses(folder):
    job = json.loads((folder / "job.json").read_text())
    torch.set_num_threads(job["threads"])
    network = network_of(job["network"], job["classes"])
    network.load_state_dict(safetensors.torch.load_file(folder / "start.safetensors"), strict=True)
    network.train()
    samples = torch.from_numpy(numpy.fromfile(folder / "samples.bin", numpy.uint8)).reshape(-1, *job["shape"])
    values = torch.tensor(job["values"]).reshape(256, -1)
    labels = torch.tensor(job["labels"])
    # PyTorch's other forms of SGD round otherwise: within 50 steps of ResNet-20 they part from this one by 0.005.
    optimizer = torch.optim.SGD(network.parameters(), job["rates"][0], job["momentum"], weight_decay=job["decay"],
                                fused=True)
    losses = []
    parts = zip(samples.split(job["batches"]), labels.split(job["batches"]), job["rates"], strict=True)
    for batch, wanted, rate in parts:
        optimizer.param_groups[0]["lr"] = rate  # the schedules are compared on their own: schedules.py
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(inputs_of(batch, values)), wanted)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(json.dumps(losses))


if sys.argv[1] == "weights":
    write_weights(sys.argv[2], int(sys.argv[3]), sys.argv[4])
else:
    print_losses(pathlib.Path(sys.argv[2]))
