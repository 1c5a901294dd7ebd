"""Programs, not threads: a consumer is killed with -9 in the middle of its work, again and again, beside a writer."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

from ledger.handle import Ledger
from ledger.streams.subscriptions import create, one
from tests.streams.conftest import CITY

KILLS = int(os.environ.get("YIBAO_STREAM_KILLS", "3"))
CONSUMER = """
import sys, threading
from ledger.handle import Ledger
from ledger.streams.consuming import Delivery

def take(effects, event):
    effects.execute("INSERT INTO taken (position) VALUES (?)", (event.position,))

with Ledger.open(sys.argv[1]) as ledger:
    print("ready", flush=True)
    Delivery(ledger, "warehouse", handle=take, batch=3).run(threading.Event(), until_caught_up=len(sys.argv) > 2)
"""


def test_a_consumer_killed_in_the_middle_has_taken_everything_once(told: Ledger, place: str) -> None:
    create(told, "warehouse")
    with told.store.transaction() as writing:
        writing.cursor().execute("CREATE TABLE taken (position BIGINT)")
    rng = random.Random(11)
    midway = 0
    for number in range(KILLS):
        words = [sys.executable, "-c", CONSUMER, place]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as consumer:
            assert consumer.stdout is not None
            assert consumer.stdout.readline() == b"ready\n"
            time.sleep(rng.random() * 0.1)
            fact = {
                "fact": "person_registered",
                "on": "2026-03-02",
                "person": f"N{number}",
                "id": f"n{number}",
            }
            told.record(fact, city=CITY)
            consumer.kill()
        midway += one(told, "warehouse").lag > 0
    subprocess.run([sys.executable, "-c", CONSUMER, place, "end"], check=True, stdout=subprocess.DEVNULL)

    assert midway, "no kill came before the end"
    taken = [position for (position,) in told.store.select("SELECT position FROM taken", {})]
    assert sorted(taken) == list(range(1, told.store.last_position() + 1))
    assert one(told, "warehouse").delivered == len(taken)
