"""`python -m ruleyard.cli` is `ruleyard`."""

import sys

from ruleyard.cli.main import main

sys.exit(main())
