# SPDX-License-Identifier: GPL-3.0-or-later
"""ResNet-20 on CIFAR-10's pictures, without augmentation: resnet20.py ARCHIVE. Prints the test accuracy as JSON."""
import argparse
import json
import pathlib
import sys
import zipfile

import cifar10
import torch
from torch.nn import functional

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "interop"))
from resnet20 import ResNet20  # noqa: E402  (the one that the first losses are compared with)

BATCH = 128


def part(archive, name):
    """Pictures and labels of train or test."""
    pictures, labels = cifar10.part(archive, name)
    values = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    mean, deviation = (torch.tensor(v).view(3, 1, 1) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    return (values - mean) / deviation, torch.from_numpy(labels)


parser = argparse.ArgumentParser()
parser.add_argument("archive")
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=2)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(arguments.seed)
with zipfile.ZipFile(arguments.archive) as opened:
    images, labels = part(opened, "train")
    test_images, test_labels = part(opened, "test")
model = ResNet20(10)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, arguments.epochs)
for _ in range(arguments.epochs):
    model.train()
    for indices in torch.randperm(len(images)).split(BATCH):
        optimizer.zero_grad()
        functional.cross_entropy(model(images[indices]), labels[indices]).backward()
        optimizer.step()
    scheduler.step()
model.eval()
with torch.no_grad():
    right = sum((model(x).argmax(1) == y).sum().item()
                for x, y in zip(test_images.split(1000), test_labels.split(1000)))
print(json.dumps({"accuracy": right / len(test_labels)}))
