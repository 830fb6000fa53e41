// Calls into and out of V8's WebAssembly: node call.mjs MODULE, then lines `DIRECTION N`.
import { readFileSync } from "node:fs";
import { answerLines, time } from "./answer.mjs";

const add = (a, b) => (a + b) | 0;
const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), { host: { add } });
const guest = instance.exports;

function callGuest(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum = guest.add(sum, i);
  return sum;
}

const directions = { "to-guest": callGuest, "to-host": guest.callHost, "through-table": guest.callTable };
await answerLines(([direction, n]) => time(() => directions[direction](Number(n))));
