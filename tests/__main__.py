"""`python -m tests`: everything, on SQLite; then what touches the database again, on PostgreSQL."""

import sys

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main(sys.argv[1:]))
