# SPDX-License-Identifier: GPL-3.0-or-later
"""A file by the safetensors package with every type that both sides know, and a scalar and an empty tensor."""
import json
import sys

import torch
from safetensors.torch import save_file

tensors = {
    "conv.weight": torch.arange(24, dtype=torch.float32).reshape(2, 3, 4),
    "double": torch.linspace(0, 1, 5, dtype=torch.float64),
    "half": torch.ones(3, dtype=torch.float16),
    "brain": torch.ones(7, dtype=torch.bfloat16),
    "bytes": torch.arange(9, dtype=torch.uint8),
    "flags": torch.tensor([True, False, True]),
    "count": torch.tensor(42, dtype=torch.int64),
    "none": torch.empty(0, 4),
}
save_file(tensors, sys.argv[1], metadata={"made": "by the safetensors package"})


def content(tensor):
    return tensor.reshape(-1).view(torch.uint8).numpy().tobytes().hex()


print(json.dumps({name: {"shape": list(tensor.shape), "bytes": content(tensor)} for name, tensor in tensors.items()}))
