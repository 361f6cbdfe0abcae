# SPDX-License-Identifier: GPL-3.0-or-later
"""The script that people write: a Dataset of samples, a DataLoader, Adam."""
import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from lenet import BATCH, lenet, report, training_part


class Digits(Dataset):
    def __init__(self, folder):
        self.images, self.labels = training_part(folder)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.images[index].float() / 255, self.labels[index]


parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--workers", type=int, default=0)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(1)

loader = DataLoader(Digits(arguments.data), batch_size=BATCH, shuffle=True, num_workers=arguments.workers,
                    persistent_workers=arguments.workers > 0)
model = lenet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)


def epoch():
    total, correct, count = 0.0, 0, 0
    for x, y in loader:
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        correct += (logits.argmax(1) == y).sum().item()
        count += len(y)
    return total / count, correct / count


report(arguments, model, epoch)
