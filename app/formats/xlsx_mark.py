"""Where a workbook carries the mark of its download: A1 of a sheet that Excel does not show, which every office program
keeps when it saves the file (document properties are lost in some)."""

MARK_SHEET = "_tracker"
