"""Every syntax diagnostic, one constructor each; what a parse that stopped expected is in `expectations`."""

from __future__ import annotations
