# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes small pictures, all different, in ten classes: manypictures.py FOLDER COUNT. Prints the count."""
import pathlib
import sys

import numpy
from PIL import Image

folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
draw = numpy.random.default_rng(1)
for label in range(10):
    place = folder / f"class-{label}"
    place.mkdir()
    for index in range(count // 10):
        coarse = draw.integers(0, 256, (4, 4, 3), dtype=numpy.uint8)
        Image.fromarray(coarse).resize((32, 32), Image.Resampling.BILINEAR).save(place / f"{index:05}.jpg")
print(count)
