// V8 from the bytes of a module to the answer of one of its functions.
//   node startup.mjs MODULE EXPORT ARGUMENT        then lines `SALT`: in a process that is warm from the second on
//   node startup.mjs MODULE EXPORT ARGUMENT once   the first time in a process; prints one answer and ends
// The module ends in a custom section of four bytes; the salt goes there, so that no engine meets a module twice.
import { readFileSync } from "node:fs";
import { answerLines, time } from "./answer.mjs";

const [file, name, argument, once] = process.argv.slice(2);
const bytes = readFileSync(file);

function load(salt) {
  bytes.writeUInt32LE(salt, bytes.length - 4);
  return time(() => {
    const module = new WebAssembly.Module(bytes);
    const imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
    return new WebAssembly.Instance(module, imports).exports[name](Number(argument));
  });
}

if (once) console.log(load(process.pid).join(" "));
else await answerLines(([salt]) => load(Number(salt)));
