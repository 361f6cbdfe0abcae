# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the small files of this folder with PyTorch: python make.py. Made with torch 2.11."""
import collections
import pathlib

import torch

here = pathlib.Path(__file__).parent


def save(name, value, older=False):
    torch.save(value, here / name, _use_new_zipfile_serialization=not older)


class Small(torch.nn.Module):
    """Convolution and normalisation: float32, an int64 count, and _metadata with versions."""

    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 2, 2)
        self.bn = torch.nn.BatchNorm2d(2)
        with torch.no_grad():
            self.conv.weight.copy_(torch.arange(8.0).reshape(2, 1, 2, 2))
            self.conv.bias.copy_(torch.tensor([-1.0, 0.5]))


module = Small()
state = module.state_dict()
save("plain.pth", state)
save("older.pth", state, older=True)

storage = torch.arange(12.0)
views = collections.OrderedDict()
views["whole"] = storage
views["again"] = storage
views["transposed"] = storage.reshape(3, 4).t()
views["column"] = storage.reshape(3, 4)[:, 1]
views["end"] = storage[8:]
views["expanded"] = storage[2:3].expand(3)
views["channels_last"] = torch.arange(16.0).reshape(1, 2, 2, 4).to(memory_format=torch.channels_last)
views["half"] = torch.tensor([1.0, -2.5]).half()
views["brain"] = torch.tensor([1.0, -2.5]).bfloat16()
views["double"] = torch.tensor(0.1, dtype=torch.float64)
views["flags"] = torch.tensor([True, False])
views["none"] = torch.empty(0, 3)
views["parameter"] = torch.nn.Parameter(torch.tensor([7.0]))
save("views.pth", views)
save("views-older.pth", views, older=True)

optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9)
module.bn(module.conv(torch.ones(1, 1, 3, 3))).sum().backward()
optimizer.step()
wrapped = {"epoch": 3, "state_dict": {"module." + k: v for k, v in state.items()}, "best": 0.75,
           "optimizer": optimizer.state_dict(), "arch": None}
save("checkpoint.pth", wrapped)
save("checkpoint-older.pth", wrapped, older=True)

save("whole.pth", torch.nn.Sequential(torch.nn.Linear(2, 1)))
# The older form keeps the source of each class and where it lay; a line of our own stands in for PyTorch's.
torch.serialization.get_source_lines_and_file = lambda of: ([f"class {of.__name__}: ...\n"], 1, "layers.py")
save("whole-older.pth", torch.nn.Sequential(torch.nn.Linear(2, 1)), older=True)
torch.jit.script(torch.nn.Linear(2, 1)).save(str(here / "script.pt"))
save("list.pth", [torch.ones(1)])
