"""`python -m app.bench`."""

import sys

from app import bench

if __name__ == "__main__":
    sys.exit(0 if bench.run(quick="--quick" in sys.argv) else 1)
