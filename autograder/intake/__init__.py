"""Read what students hand in: it is never trusted, always repaired if it can be, and never stops a class."""
