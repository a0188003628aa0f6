"""Papers of the office: one template gives the page to print and the DOCX to edit and seal."""
