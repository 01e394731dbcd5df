"""Pages for people: feedback for a student, a report for the instructor."""
