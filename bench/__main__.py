"""Run the benches named on the command line, or all; several in a process of their own each."""

import subprocess
import sys

from bench import (
    beside,
    choose,
    delivery,
    derive,
    enrich_file,
    enrich_http,
    enrichment,
    enumeration,
    hook_call,
    hostile,
    imports,
    million_users,
    mixed,
    profiles,
    sign_ups,
    signup,
    userinfo,
    webhook,
)

BENCHES = {
    "beside": beside.bench,
    "choose": choose.bench,
    "delivery": delivery.bench,
    "derive": derive.bench,
    "enrich_file": enrich_file.bench,
    "enrich_http": enrich_http.bench,
    "enrichment": enrichment.bench,
    "enumeration": enumeration.bench,
    "hook_call": hook_call.bench,
    "hostile": hostile.bench,
    "imports": imports.bench,
    "million_users": million_users.bench,
    "mixed": mixed.bench,
    "profiles": profiles.bench,
    "sign_ups": sign_ups.bench,
    "signup": signup.bench,
    "userinfo": userinfo.bench,
    "webhook": webhook.bench,
}

names = sys.argv[1:] or list(BENCHES)
if len(names) == 1:
    BENCHES[names[0]]()
else:
    for name in names:
        subprocess.run([sys.executable, "-m", "bench", name], check=True)
