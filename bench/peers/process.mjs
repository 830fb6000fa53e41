// A plugin as a process of its own: a line with a message comes in, a line with its answer goes out.
//   node process.mjs BUNDLE
import { createContext, runInContext } from "node:vm";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { prelude } from "./prelude.mjs";

const context = createContext({});
runInContext(`${prelude}\n(() => {\n${readFileSync(process.argv[2], "utf8")}\n})();`, context);
for await (const line of createInterface({ input: process.stdin })) console.log(await context.dispatch(line));
