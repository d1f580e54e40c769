"""What a script may rely on: one number says how a command ended."""

from __future__ import annotations

DONE = 0
FAILED = 1
WRONG_ARGUMENTS = 2
INTERRUPTED = 130
READER_GONE = 141

EXIT_CODES = """\
exit codes:
  0    done
  1    not done, or not all of it; one sentence on the error output says why
  2    the arguments make no sense together or alone
  130  interrupted by Ctrl-C (143: by a request to end)
  141  whoever read the output went away
"""
