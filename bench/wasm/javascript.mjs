// Scripts in QuickJS on V8.
//   node javascript.mjs QUICKJS run PROGRAM     then lines: `FUNCTION N`, or `instance` for a new one and its first script
//   node javascript.mjs QUICKJS first           the first script in a new process
//   node javascript.mjs QUICKJS memory COUNT    bytes that so many idle instances take
// The last two print one answer, `NUMBER RESULT`, and end.
import { readFileSync } from "node:fs";
import { answerLines, time } from "./answer.mjs";
import { QuickJS } from "./quickjs.mjs";

const FIRST_SCRIPT = "6 * 7";

const [moduleFile, what, argument] = process.argv.slice(2);

const modes = {
  async run() {
    const module = load();
    const vm = new QuickJS(module);
    vm.evaluate(readFileSync(argument, "utf8"));
    await answerLines(([name, size]) =>
      name === "instance" ? time(() => new QuickJS(module).evaluate(FIRST_SCRIPT)) : time(() => vm.evaluate(`${name}(${size})`)));
  },
  first() {
    console.log(time(() => new QuickJS(load()).evaluate(FIRST_SCRIPT)).join(" "));
  },
  memory() {
    const module = load();
    const idle = [start(module)];
    const before = process.memoryUsage.rss();
    while (idle.length <= Number(argument)) idle.push(start(module));
    console.log(`${Math.max(0, process.memoryUsage.rss() - before)} ${idle.length - 1}`);
  },
};
await modes[what]();

function load() {
  return new WebAssembly.Module(readFileSync(moduleFile));
}

function start(module) {
  const vm = new QuickJS(module);
  vm.evaluate(FIRST_SCRIPT);
  return vm;
}
