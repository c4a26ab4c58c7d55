"""Run inside a desktop session by `test_secrets_keyring`: one operation on the keyring's store."""

import json
import sys

from mydoctransfer.adapters.secrets import KeyringStore, Secret
from mydoctransfer.engine.ports import Failure


def main() -> None:
    asked = json.loads(sys.stdin.read())
    store = KeyringStore(asked["service"], asked.get("piece"), asked.get("patience", 20.0))
    if asked["do"] == "save":
        outcome = store.save(Secret("client", "a@example.org", "sub", asked["token"]))
    elif asked["do"] == "load":
        outcome = store.load()
    elif asked["do"] == "load twice":
        first, outcome = store.load(), store.load()
        assert first == outcome
    else:
        outcome = store.delete()
    if isinstance(outcome, Failure):
        print(json.dumps({"failure": outcome.code}))
    elif isinstance(outcome, Secret):
        print(json.dumps({"token": outcome.refresh_token}))
    else:
        print(json.dumps(None))


main()
