"""Exchange formats: readers that hand over raw tables, the door that judges them, plans and lists of findings."""
