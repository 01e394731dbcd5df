"""Judge answers of a process that is not trusted: only plain data comes back from it."""

# What the sandboxed process needs of this package. All else, the hidden checks above all, stays outside.
CHILD_MODULES = ("__init__", "errors", "wire", "walk", "scenario", "capture", "server")
