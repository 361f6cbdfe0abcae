# SPDX-License-Identifier: GPL-3.0-or-later
"""ResNet-18 as torchvision publishes its weights, and what it answers.

Arguments: the folder to write to: resnet18.pth, resnet18-older.pth (the form before PyTorch 1.6), checkpoint.pth (a
checkpoint of DataParallel in half precision), samples.bin (uint8, 2 x 3 x 64 x 64). Prints the logits as JSON.
"""
import json
import pathlib
import sys

import torch
import torchvision


def main(folder):
    torch.manual_seed(9)
    network = torchvision.models.resnet18()
    network.train()
    with torch.no_grad():
        network(torch.rand(4, 3, 64, 64))
    network.eval()
    samples = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8)
    with torch.no_grad():
        logits = network(samples.float() / 255)
    state = network.state_dict()
    torch.save(state, folder / "resnet18.pth")
    torch.save(state, folder / "resnet18-older.pth", _use_new_zipfile_serialization=False)
    half = {"module." + name: value.half() if value.is_floating_point() else value for name, value in state.items()}
    torch.save({"state_dict": half, "epoch": 3}, folder / "checkpoint.pth")
    (folder / "samples.bin").write_bytes(samples.numpy().tobytes())
    print(json.dumps(logits.flatten().tolist()))


main(pathlib.Path(sys.argv[1]))
