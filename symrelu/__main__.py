"""``python -m symrelu``: the same as the command ``symrelu``."""

import sys

from symrelu.cli import main

if __name__ == "__main__":
    sys.exit(main())
