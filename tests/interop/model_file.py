# SPDX-License-Identifier: GPL-3.0-or-later
"""What a generated model.py makes of samples, under weights that must fit it exactly.

Arguments: the folder with model.py, weights.safetensors and samples.bin (uint8, 2 x 3 x side x side), the side. Prints the
logits as JSON.
"""
import json
import pathlib
import sys

import numpy
import safetensors.torch
import torch
from torch import nn


def main(folder, side):
    sys.path.insert(0, str(folder))
    import model
    network = next(value for value in vars(model).values()
                   if isinstance(value, type) and issubclass(value, nn.Module) and value.__module__ == "model")()
    network.load_state_dict(safetensors.torch.load_file(folder / "weights.safetensors"), strict=True)
    network.eval()
    samples = numpy.frombuffer((folder / "samples.bin").read_bytes(), numpy.uint8).reshape(2, 3, side, side)
    with torch.no_grad():
        print(json.dumps(network(torch.from_numpy(samples.copy()).float() / 255).flatten().tolist()))


main(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
