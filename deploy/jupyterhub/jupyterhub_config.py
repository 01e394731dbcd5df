"""One hub for one course: students with a server each, and a Formgrader that instructors share."""

import csv
import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - defined by traitlets, which runs this file

DATA = Path(os.environ.get("NBGRADER_DATA", "/srv/nbgrader"))
with (DATA / "users.csv").open(encoding="utf-8", newline="") as file:
    PEOPLE = {row["name"]: row["role"] for row in csv.DictReader(file)}
INSTRUCTORS = sorted(name for name, role in PEOPLE.items() if role == "instructor")
SERVER = [sys.executable, "-m", "jupyterhub.singleuser"]
PASSED_ON = ("PATH", "PYTHONPATH", "JUPYTER_PATH", "JUPYTER_PREFER_ENV_PATH", "NBGRADER_DATA", "COURSE")

c.JupyterHub.bind_url = os.environ.get("HUB_ADDRESS", "http://:8000")
# PAM asks for the passwords of the accounts. A university with a login puts its authenticator here.
c.JupyterHub.authenticator_class = os.environ.get("HUB_AUTHENTICATOR", "pam")
c.Authenticator.allowed_users = set(PEOPLE)

# Each server runs as its student's own account: nbgrader's exchange tells people apart by that.
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.cmd = SERVER
c.Spawner.default_url = "/lab"
c.Spawner.environment = {"OMP_NUM_THREADS": "1"}
c.Spawner.env_keep = list(PASSED_ON)

# Instructors mark in a server that they share: it runs as `grader`, who owns the course.
c.JupyterHub.load_groups = {"instructors": {"users": INSTRUCTORS}}
c.JupyterHub.load_roles = [
    {"name": "instructors", "groups": ["instructors"], "scopes": ["access:services!service=formgrader"]},
]
c.JupyterHub.services = [
    {
        "name": "formgrader",
        "url": os.environ.get("FORMGRADER_ADDRESS", "http://127.0.0.1:9999"),
        "command": SERVER,
        "user": "grader",
        "cwd": str(DATA / "course"),
        "oauth_no_confirm": True,
        "environment": {
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            "HOME": "/home/grader",
            "JUPYTERHUB_DEFAULT_URL": "/lab",
        },
    },
]
