"""The peer of the stdio benchmarks: the least that a JSON-RPC server in Python does, with one line of state."""

import json
import sys

state = {}

for line in sys.stdin:
    message = json.loads(line)
    state[message["method"]] = message["params"]
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {"code": 0, "desc": "ok", "data": None}}) + "\n")
    sys.stdout.flush()
