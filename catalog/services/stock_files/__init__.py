"""Stock as a file: exported, changed in a spreadsheet, checked, imported again."""
