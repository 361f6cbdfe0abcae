# SPDX-License-Identifier: GPL-3.0-or-later
"""PyTorch and safetensors read a run's checkpoint and its exports; the network gives what TorchDesk measured.

Arguments: the folder with model.py, weights.pt and weights.safetensors; the checkpoint's model.safetensors; the folder
with the test data (IDX, plain); the JSON of 'torchdesk-cli evaluate --json'.
"""
import json
import pathlib
import struct
import sys

import numpy
import safetensors.torch
import torch
from torch import nn
from torch.nn import functional

TOLERANCE = 1e-5


def read_idx(file):
    data = file.read_bytes()
    sizes = struct.unpack(f">{data[3]}I", data[4:4 + 4 * data[3]])
    return torch.from_numpy(numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * data[3]).reshape(sizes).copy())


def network_class():
    import model
    return next(value for value in vars(model).values()
                if isinstance(value, type) and issubclass(value, nn.Module) and value.__module__ == "model")


def check_equal(left, right, what):
    assert set(left) == set(right), f"{what}: {sorted(left)} is not {sorted(right)}"
    for name in left:
        assert left[name].dtype == right[name].dtype and left[name].shape == right[name].shape, f"{what}: {name}"
        assert torch.equal(left[name], right[name]), f"{what}: {name} differs"


def main(folder, checkpoint, data, evaluation):
    folder, data = pathlib.Path(folder), pathlib.Path(data)
    sys.path.insert(0, str(folder))
    pytorch = torch.load(folder / "weights.pt", weights_only=True)
    check_equal(pytorch, safetensors.torch.load_file(folder / "weights.safetensors"), "the exports")
    check_equal(pytorch, safetensors.torch.load_file(checkpoint), "the checkpoint")

    network = network_class()()
    network.load_state_dict(pytorch, strict=True)
    assert list(pytorch) == list(network.state_dict()), "the state dict is not in the order of the layers"
    network.eval()
    images = read_idx(data / "t10k-images-idx3-ubyte").unsqueeze(1).float() / 255
    labels = read_idx(data / "t10k-labels-idx1-ubyte").long()
    with torch.no_grad():
        logits = network(images)
    loss = functional.cross_entropy(logits, labels).item()
    accuracy = (logits.argmax(1) == labels).double().mean().item()
    assert abs(loss - evaluation["test_loss"]) < TOLERANCE, f"loss {loss} is not {evaluation['test_loss']}"
    assert abs(accuracy - evaluation["test_accuracy"]) < 1e-9, f"{accuracy} is not {evaluation['test_accuracy']}"
    print(f"loss {loss:.6f}, accuracy {accuracy:.4f}: as TorchDesk measured")


main(sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))
