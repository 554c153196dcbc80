"""``python -m hiercomp`` is ``hiercomp``."""

from hiercomp.cli import main

main()
