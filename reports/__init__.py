"""Questions across the apps: budget position, workbook, journal, verify. No models of its own."""
