// All balances of the ledger from its live stream: YIBAO_URL=... YIBAO_TOKEN=... node consumer.mjs balances.json
// Kill it whenever you like: place and balances are saved together, and it goes on where it stopped.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

const file = process.argv[2];
const state = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { last: "0", balances: {} };
const fen = (yuan) => BigInt(yuan.replace(".", ""));
const yuan = (fen) => `${fen < 0n ? "-" : ""}${String(fen < 0n ? -fen : fen).padStart(3, "0").replace(/(..)$/, ".$1")}`;

function take(fields) {
  if (fields.event !== "heartbeat") {
    const event = JSON.parse(fields.data);
    for (const { account, amount } of event.data.postings) {
      const name = `${event.city} ${account}`;
      state.balances[name] = yuan(fen(state.balances[name] ?? "0.00") + fen(amount));
    }
  }
  state.last = fields.id;
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file); // at once: either the old place with the old balances, or the new ones
}

async function follow() {
  const headers = { Authorization: `Bearer ${process.env.YIBAO_TOKEN}`, "Last-Event-ID": state.last };
  const answer = await fetch(`${process.env.YIBAO_URL}/v1/events/stream?types=posted`, { headers });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  let text = "";
  for await (const bytes of answer.body.pipeThrough(new TextDecoderStream())) {
    const messages = (text + bytes).replaceAll("\r\n", "\n").split("\n\n");
    text = messages.pop();
    for (const message of messages) {
      const fields = Object.fromEntries(message.split("\n").map((line) => line.split(/: ?(.*)/s, 2)));
      if (fields.data) take(fields);
    }
  }
}

for (;;) await follow().catch(console.error).then(() => new Promise((again) => setTimeout(again, 1000)));
