"""All balances of the ledger from its feed: YIBAO_URL=http://127.0.0.1:8420 YIBAO_TOKEN=... consumer.py balances.json [--once]

Kill it whenever you like: place and balances are saved together, and it goes on where it stopped.
"""

import json
import os
import sys
import time
from decimal import Decimal
from pathlib import Path
from urllib.request import Request, urlopen

file, once = Path(sys.argv[1]), "--once" in sys.argv
state = json.loads(file.read_text()) if file.exists() else {"after": 0, "balances": {}}

while True:
    limit = os.environ.get("YIBAO_LIMIT", "500")
    url = f"{os.environ['YIBAO_URL']}/v1/events?types=posted&limit={limit}&after={state['after']}"
    with urlopen(Request(url, headers={"Authorization": f"Bearer {os.environ['YIBAO_TOKEN']}"})) as answer:
        page = json.load(answer)
    balances = state["balances"]
    for event in page["events"]:
        for posting in event["data"]["postings"]:
            account = f"{event['city']} {posting['account']}"
            balances[account] = str(Decimal(balances.get(account, "0.00")) + Decimal(posting["amount"]))
    state["after"] = page["next"]
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(state))
    draft.replace(file)  # at once: either the old place with the old balances, or the new ones
    if page["next"] == page["head"]:
        if once:
            break
        time.sleep(1)
