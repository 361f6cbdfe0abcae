# SPDX-License-Identifier: GPL-3.0-or-later
"""A network of torchvision with weights of its own, samples, and what it makes of them.

Arguments: the network's name in torchvision, the side of its pictures, the folder to write to: weights.safetensors (the
state dict), samples.bin (uint8, 2 x 3 x side x side). Prints the logits as JSON.
"""
import json
import pathlib
import sys

import safetensors.torch
import torch
import torchvision


def main(name, side, folder):
    torch.manual_seed(5)
    network = torchvision.models.get_model(name)
    # Running figures that are not those of the beginning, or nobody would miss them.
    network.train()
    with torch.no_grad():
        network(torch.rand(4, 3, side, side))
    network.eval()
    samples = torch.randint(0, 256, (2, 3, side, side), dtype=torch.uint8)
    with torch.no_grad():
        logits = network(samples.float() / 255)
    folder.mkdir(exist_ok=True)
    safetensors.torch.save_file({k: v.contiguous() for k, v in network.state_dict().items()},
                                folder / "weights.safetensors")
    (folder / "samples.bin").write_bytes(samples.numpy().tobytes())
    print(json.dumps(logits.flatten().tolist()))


main(sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3]))
