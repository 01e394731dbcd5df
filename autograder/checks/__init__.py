"""Hidden checks, one module a week, and the framework that runs them."""
