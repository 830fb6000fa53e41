// V8 on a kernel: node kernel.mjs MODULE, then lines `N`.
import { readFileSync } from "node:fs";
import { answerLines, time } from "./answer.mjs";

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]));
await answerLines(([n]) => time(() => instance.exports.run(Number(n))));
