"""Run the benches named on the command line, or all."""

import sys

from bench import derive, hook_call, profiles, signup

BENCHES = {
    "derive": derive.bench,
    "hook_call": hook_call.bench,
    "profiles": profiles.bench,
    "signup": signup.bench,
}

for name in sys.argv[1:] or BENCHES:
    BENCHES[name]()
