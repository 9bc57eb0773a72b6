"""The real register and what comes with it, as data files."""

from pathlib import Path

# Bến Tre's wind projects from published sources; each figure names them (`sources` in the file).
BEN_TRE = Path(__file__).parent / "ben_tre.yaml"
