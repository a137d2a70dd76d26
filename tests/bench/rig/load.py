"""Runs a generator of our own: load.py NAME ARGUMENT... The others are modules of this package."""

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    importlib.import_module(f"rig.{sys.argv.pop(1)}").main()
