"""`python -m symrelu` is the command `symrelu`."""

import sys

if __name__ == "__main__":
    try:
        from symrelu.cli import main
    except KeyboardInterrupt:  # before there is anything to interrupt
        sys.exit(130)
    main()
