"""What the pipeline costs, beside other programs for the same work. See README.md in this folder."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent

if __name__ == "__main__":
    # To the tests these modules are a package; so they are here.
    sys.path[:] = [str(HERE.parent), *(entry for entry in sys.path if entry != str(HERE))]
    from benchmarks.command import main

    main()
