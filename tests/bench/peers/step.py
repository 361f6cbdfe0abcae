# SPDX-License-Identifier: GPL-3.0-or-later
"""A training step of a torchvision network as people write it: step.py NETWORK BATCH THREADS.

Prints 0 when it is ready, then answers each line "steps N" with the seconds that N steps took.
"""
import sys
import time

import torch
import torchvision

network, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(1)
model = torchvision.models.get_model(network, num_classes=2)
model.train()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
criterion = torch.nn.CrossEntropyLoss()
inputs, labels = torch.randn(batch, 3, 224, 224), torch.randint(0, 2, (batch,))


def step():
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


print(0, flush=True)
for line in sys.stdin:
    begin = time.perf_counter()
    for _ in range(int(line.split()[1])):
        step()
    print(time.perf_counter() - begin, flush=True)
