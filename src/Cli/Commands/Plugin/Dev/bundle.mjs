// Keeps a plugin's esbuild ready: each line on standard input makes it bundle again, and is answered by a line of JSON.
// Its arguments are DIRECTORY FLAG…, where the flags are those of the command esbuild.

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";

const [directory, ...flags] = process.argv.slice(1);
const esbuild = createRequire(path.join(directory, "package.json"))("esbuild");

function optionsOf(flags) {
  const options = { absWorkingDir: directory, entryPoints: [] };
  for (const flag of flags) {
    const [, key, name, value] = /^--([a-z-]+)(?::([^=]+))?(?:=(.*))?$/s.exec(flag) ?? [];
    if (key === undefined) {
      options.entryPoints.push(flag);
      continue;
    }
    const option = key.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
    if (name === undefined) options[option] = value === undefined || value === "true" ? true : value === "false" ? false : value;
    else if (value === undefined) (options[option] ??= []).push(name);
    else (options[option] ??= {})[name] = value;
  }
  return options;
}

const { metafile, ...options } = optionsOf(flags);
const context = await esbuild.context({ ...options, metafile: true, logLevel: "silent" });

const inWords = async (messages, kind) => (await esbuild.formatMessages(messages, { kind, color: false, terminalWidth: 120 })).join("").trimEnd();

async function bundle() {
  try {
    const result = await context.rebuild();
    if (metafile) writeFileSync(path.resolve(directory, metafile), JSON.stringify(result.metafile));
    return { warnings: await inWords(result.warnings, "warning") };
  } catch (failure) {
    return { errors: failure.errors ? await inWords(failure.errors, "error") : String(failure) };
  }
}

for await (const _ of createInterface({ input: process.stdin })) process.stdout.write(`${JSON.stringify(await bundle())}\n`);
await context.dispose();
