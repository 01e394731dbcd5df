"""What everybody's nbgrader has to know: this lies in /etc/jupyter."""

import os
from pathlib import Path

c = get_config()  # noqa: F821 - defined by traitlets, which runs this file

c.CourseDirectory.course_id = os.environ.get("COURSE", "trainwell")
c.Exchange.root = str(Path(os.environ.get("NBGRADER_DATA", "/srv/nbgrader")) / "exchange")
