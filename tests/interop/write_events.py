# SPDX-License-Identifier: GPL-3.0-or-later
"""Event files by TensorBoard's own writer: plain values, tensors, and summaries that are no scalars."""
import json
import sys

import numpy
from torch.utils.tensorboard import SummaryWriter

written = {"loss": [], "new/style": []}
with SummaryWriter(sys.argv[1]) as writer:
    writer.add_text("notes", "not a scalar")
    for step in range(1, 201):
        written["loss"].append([step, float(numpy.float32(1 / step))])
        writer.add_scalar("loss", 1 / step, step)
        written["new/style"].append([step, float(numpy.float32(step * 0.5))])
        writer.add_scalar("new/style", step * 0.5, step, new_style=True)
        if step % 50 == 0:
            writer.add_histogram("weights", numpy.arange(10.0), step)
print(json.dumps(written))
