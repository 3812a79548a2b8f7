"""What a start costs: hardly any attrs classes, no jsonschema and no asyncio before the first reply."""

from __future__ import annotations

import json
import subprocess
import sys

MOST_CLASSES = 30

INIT = {"sdkAppID": 1400000000, "logLevel": 3, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False, "plugins": []}
LOOK = """
import os, sys
from bridge.cli import main
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
try:
    main(["serve"])
except SystemExit:
    pass
modules = dict(sys.modules)
classes = [
    f"{name}.{value.__name__}"
    for name, module in modules.items() if name.startswith("bridge")
    for value in vars(module).values()
    if isinstance(value, type) and "__attrs_attrs__" in vars(value) and value.__module__ == name
]
import json
print(json.dumps({"classes": classes, "modules": sorted(modules)}), file=sys.stderr)
"""


def test_little_is_loaded_before_the_first_reply() -> None:
    """Up to the answer of initSDK: 30 attrs classes at most; neither jsonschema nor asyncio, nor a door that is not used."""
    call = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initSDK", "params": INIT}) + "\n"
    run = subprocess.run([sys.executable, "-c", LOOK], input=call, capture_output=True, text=True, check=True)
    loaded = json.loads(run.stderr.splitlines()[-1])
    assert "bridge.handlers.tim" in loaded["modules"]
    assert len(loaded["classes"]) <= MOST_CLASSES, loaded["classes"]
    unwanted = ("jsonschema", "asyncio", "socket", "websockets", "argparse", "bridge.transports.listening", "bridge.catalogue.explain")
    assert [] == [name for name in unwanted if name in loaded["modules"]]
