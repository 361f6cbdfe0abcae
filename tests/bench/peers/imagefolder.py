# SPDX-License-Identifier: GPL-3.0-or-later
"""The data side of an epoch as people write it: torchvision's ImageFolder and a DataLoader, without a network."""
import argparse
import json
import pathlib
import tempfile
import time

import torch
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder
from torchvision.transforms.functional import to_pil_image

NORMALISE = [transforms.ToTensor(), transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))]
RECIPES = {
    32: [transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip()] + NORMALISE,
    224: [transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip()] + NORMALISE,
}


def write(folder, side, count):
    """Smooth pictures with a little noise, which compress as photographs do."""
    generator = torch.Generator().manual_seed(1)
    for i in range(count):
        coarse = torch.rand(1, 3, 8, 8, generator=generator)
        picture = torch.nn.functional.interpolate(coarse, size=side, mode="bicubic").clamp(0, 1)[0]
        picture = (picture + 0.03 * torch.randn(3, side, side, generator=generator)).clamp(0, 1)
        place = pathlib.Path(folder) / str(i % 10)
        place.mkdir(exist_ok=True)
        to_pil_image(picture).save(place / (f"{i}.png" if side < 100 else f"{i}.jpg"))


def microseconds(side, count, workers):
    with tempfile.TemporaryDirectory() as folder:
        write(folder, side, count)
        data = ImageFolder(folder, transforms.Compose(RECIPES[side]))
        loader = DataLoader(data, batch_size=128, shuffle=True, num_workers=workers, persistent_workers=workers > 0)
        for _ in loader:  # warms up: workers started, files in the cache
            pass
        start = time.perf_counter()
        for _ in loader:
            pass
        return (time.perf_counter() - start) / count * 1e6


parser = argparse.ArgumentParser()
parser.add_argument("--workers", type=int, default=2)
arguments = parser.parse_args()
print(json.dumps({"32": microseconds(32, 5120, arguments.workers), "224": microseconds(224, 1024, arguments.workers)}))
