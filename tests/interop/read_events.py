# SPDX-License-Identifier: GPL-3.0-or-later
"""TensorBoard's own reader: prints {folder: {tag: [[step, value] …]}} for the folders named."""
import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

found = {}
for folder in sys.argv[1:]:
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0})
    accumulator.Reload()
    found[folder] = {tag: [[point.step, point.value] for point in accumulator.Scalars(tag)]
                     for tag in accumulator.Tags()["scalars"]}
print(json.dumps(found))
