"""`python -m parvis.config` is `parvis`."""

from parvis.config.cli import main

main()
