"""The wire: what comes in (`XCreate`, `XChange`; unknown fields refused) and what goes out (`XRead`, `XLine`).

Shape only; no rule of the domain lives here. Fields that carry MW on the wire hold whole kW in Python (`Kw`).
"""
