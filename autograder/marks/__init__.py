"""Getting work in from where students hand it in, and giving marks and feedback back to there."""
