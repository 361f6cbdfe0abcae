# SPDX-License-Identifier: GPL-3.0-or-later
"""A training step of a torchvision network: step.py NETWORK BATCH THREADS SETTINGS.

SETTINGS: "fp32" as people write it, or "bf16, channels last" with autocast and that layout.
Prints 0 when it is ready, then answers each line "steps N" with the seconds that N steps took.
"""
import sys
import time

import torch
import torchvision

network, batch, threads, settings = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
bf16 = settings.startswith("bf16")
torch.set_num_threads(threads)
torch.manual_seed(1)
model = torchvision.models.get_model(network, num_classes=2)
model.train()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
criterion = torch.nn.CrossEntropyLoss()
inputs, labels = torch.randn(batch, 3, 224, 224), torch.randint(0, 2, (batch,))
if bf16:
    model, inputs = model.to(memory_format=torch.channels_last), inputs.contiguous(memory_format=torch.channels_last)


def step():
    optimizer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
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
