# SPDX-License-Identifier: GPL-3.0-or-later
"""Interleaved measurements and their medians; tests/bench/run starts it."""
import argparse
import shutil

from network_words import NetworkWords
from picture_words import PictureWords
from program_words import ProgramWords

USUAL = ["speed", "window", "start", "charts", "augment"]
LONG = ["accuracy", "networks", "busy", "losses", "steps", "folder", "alexnet", "many", "resnet20"]


class Bench(ProgramWords, PictureWords, NetworkWords):
    pass


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", metavar="|".join(USUAL + LONG))
    parser.add_argument("--bin", required=True)
    parser.add_argument("--mnist", required=True)
    parser.add_argument("--datasets", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--keras-python", help="one that has Keras, for speed and networks")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--accuracy-epochs", type=int, default=1, help="of networks; 0: only steps")
    parser.add_argument("--seeds", type=int, default=3, help="of resnet20")
    parser.add_argument("--resnet-epochs", type=int, default=3)
    arguments = parser.parse_args()
    if unknown := [word for word in arguments.what if word not in USUAL + LONG]:
        parser.error(f"{unknown[0]} is none of {', '.join(USUAL + LONG)}")
    bench = Bench(arguments)
    try:
        for what in arguments.what or USUAL:
            getattr(bench, what)()
        bench.print()
    finally:
        shutil.rmtree(bench.work, ignore_errors=True)


main()
