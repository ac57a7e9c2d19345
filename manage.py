#!/usr/bin/env python
"""Run a command of the ledger: `manage.py help` lists them."""

import os
import sys
from pathlib import Path

from config.local import environment

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.update(environment(Path(__file__).resolve().parent, sys.argv, os.environ))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
