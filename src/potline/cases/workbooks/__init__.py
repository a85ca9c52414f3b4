"""A case as one workbook: read into the files of a folder, and written from them; one schema with the folder."""
