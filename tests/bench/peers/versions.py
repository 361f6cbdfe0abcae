# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints which framework this Python has, as JSON."""
import json

try:
    import torch

    version = f"PyTorch {torch.__version__}"
except ImportError:
    import keras
    import tensorflow

    version = f"Keras {keras.__version__} on TensorFlow {tensorflow.__version__}"
print(json.dumps({"version": version}))
