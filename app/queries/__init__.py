"""Reading. A session and an actor come in, rows or domain values go out; nothing here writes.

`projects.visible(actor)` is the one place that says whose rows an actor may see; every other query joins it.
"""
