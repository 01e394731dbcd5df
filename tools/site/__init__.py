"""Build the static site: lessons that were run, the documents, the syllabus. `make site` calls it."""
