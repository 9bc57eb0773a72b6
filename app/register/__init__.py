"""The real register and what comes with it, as data files."""

from pathlib import Path

# Bến Tre's wind projects from published sources; each figure names them (`sources` in the file).
BEN_TRE = Path(__file__).parent / "ben_tre.yaml"

# What the story of February 2023 needs beyond the sources; every record is illustrative. It comes after BEN_TRE.
DEMO_2023 = Path(__file__).parent / "demo_2023.yaml"

# The towers, sections, cases, commitments and paths of that story, which agree with the sourced totals. After DEMO_2023.
DEMO_2023_LAND = Path(__file__).parent / "demo_2023_land.yaml"
DEMO = (DEMO_2023, DEMO_2023_LAND)

# The public holidays and make-up working days of Viet Nam: 2023 as published, the other years provisional.
CALENDAR = Path(__file__).parent / "calendar.yaml"

# What has to happen until MW operate, by version; a milestone keeps the version it was made from.
MILESTONE_TEMPLATES = {1: Path(__file__).parent / "milestone_templates_1.yaml"}

# Land, coast and province lines around Bến Tre, to draw a map on: Natural Earth 1:10m, public domain.
OUTLINE = Path(__file__).parent / "ben_tre_outline.geojson"

# Where phases stand, as far as sources say: the centre of mapped turbines, or only a settlement nearby.
PLACES = Path(__file__).parent / "ben_tre_places.geojson"

# The contract of EVN SPC's progress service as it is assumed (OpenAPI 3.1), and which of our fields and words are theirs.
EVN_SPC_CONTRACT = Path(__file__).parent / "evn_spc.openapi.yaml"
EVN_SPC_MAPPING = Path(__file__).parent / "evn_spc_mapping.yaml"
