# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder's pictures by torchvision's ImageFolder and a DataLoader with 2 workers: pictures.py FOLDER SIDE BATCH.

Prints the seconds that opening took, then answers each line with the seconds of an epoch without a network.
"""
import pathlib
import sys
import time

import torch
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

folder, side, batch = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
resize = [transforms.Resize(side), transforms.CenterCrop(side)] if side > 32 else []
begin = time.perf_counter()
data = ImageFolder(folder / "train", transforms.Compose(
    resize + [transforms.ToTensor(), transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))]))
loader = DataLoader(data, batch_size=batch, shuffle=True, num_workers=2, persistent_workers=True)
torch.manual_seed(1)
print(time.perf_counter() - begin, flush=True)
for _ in sys.stdin:
    begin = time.perf_counter()
    for _ in loader:
        pass
    print(time.perf_counter() - begin, flush=True)
