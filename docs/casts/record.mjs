// Records the casts of this folder: types commands into a shell in a real terminal (tmux) and keeps what is seen, as asciicast v2
// (NAME.cast) and as an animated SVG (NAME.svg). Run from the repository's root after a build:
//   node docs/casts/record.mjs [NAME…]          LAZYOC names another program
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { drawLine, frame } from "../screens/terminal.mjs";

const [width, height] = [104, 30];
const program = resolve(process.env.LAZYOC ?? "./lazyoc");

/** Longest wait for something to be seen. */
const patienceMs = 600_000;

/** How long a viewer sees something, in seconds: some letters, an answer that comes, an answer that is to be read. */
const [letters, coming, reading] = [0.09, 0.35, 2.4];

/** A command is typed, and its prompt waited for; what is asked in between is a step of its own. */
const run = (command, wait = "$ ") => ({ command, wait });
const answer = (see, type) => ({ see, type });

const casts = {
  install: {
    prepare: (folder) => plugin(folder, "acme.pods", "1.0.0", ["get"]),
    steps: [run("lazyoc plugin inspect acme.pods-1.0.0.lzp | head -24"), run("lazyoc plugin install acme.pods-1.0.0.lzp --allow-unsigned", null), answer("?", "y"), run("lazyoc plugin list"), run("lazyoc plugin permissions acme.pods")],
  },
  permissions: {
    prepare(folder) {
      plugin(folder, "acme.pods", "1.0.0", ["get"]);
      lazyoc(folder, "plugin", "install", "acme.pods-1.0.0.lzp", "--allow-unsigned", "--yes");
      plugin(folder, "acme.pods", "1.1.0", ["get", "delete"]);
    },
    steps: [
      run("lazyoc plugin permissions acme.pods"),
      run("lazyoc plugin install acme.pods-1.1.0.lzp --allow-unsigned", null),
      answer("?", "n"),
      run("lazyoc plugin list"),
      run("lazyoc plugin install acme.pods-1.1.0.lzp --allow-unsigned", null),
      answer("?", "y"),
      run("lazyoc plugin permissions acme.pods --revoke kubernetes"),
    ],
  },
  write: {
    steps: [
      run("lazyoc plugin new pod-notes --template tab --id acme.pod-notes --yes"),
      run("cd pod-notes && head -12 src/plugin.ts"),
      run("lazyoc plugin test"),
      run("lazyoc plugin validate"),
      run("export LAZYOC_KEY_PASSPHRASE='correct horse battery'; lazyoc keys new acme"),
      run("lazyoc plugin pack . --sign acme"),
      run("lazyoc market export-static ../registry --key acme acme.pod-notes-0.1.0.lzp"),
    ],
  },
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(casts);
for (const name of names) {
  const folder = mkdtempSync(join(tmpdir(), "lazyoc-cast-"));
  const server = `lazyoc-cast-${process.pid}`;
  const tmux = (...args) => execFileSync("tmux", ["-L", server, "-f", "/dev/null", ...args], { encoding: "utf8" });
  try {
    const { prepare, steps } = casts[name];
    prepare?.(folder);
    writeFileSync(join(folder, ".rc"), `PS1='$ '\nlazyoc() { '${program}' "$@"; }\n`);
    tmux("new-session", "-d", "-x", String(width), "-y", String(height), "-c", folder, "env", `LAZYOC_HOME=${join(folder, ".home")}`, "COLORTERM=truecolor", "bash", "--noprofile", "--rcfile", join(folder, ".rc"));
    tmux("set-option", "-s", "default-terminal", "tmux-256color");
    const frames = await record(tmux, steps, folder);
    writeFileSync(`docs/casts/${name}.cast`, asciicast(frames));
    writeFileSync(`docs/casts/${name}.svg`, animation(frames));
    console.log(`docs/casts/${name}.cast, .svg: ${frames.length} frames, ${length(frames).toFixed(0)} s`);
  } finally {
    spawnSync("tmux", ["-L", server, "kill-server"]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

/** Takes the steps; the different screens that were seen, each with how long it is shown. */
async function record(tmux, steps, folder) {
  const frames = [];
  const see = (seconds) => {
    const lines = tmux("capture-pane", "-e", "-p", "-N").replaceAll(folder, "~").split("\n").slice(0, height);
    if (frames.at(-1)?.lines.join("\n") === lines.join("\n")) frames.at(-1).seconds = Math.max(frames.at(-1).seconds, seconds);
    else frames.push({ lines, seconds });
  };
  const type = async (text) => {
    for (const part of text.match(/.{1,3}/gs)) {
      tmux("send-keys", "-l", "--", part);
      await pause(30);
      see(letters);
    }
    tmux("send-keys", "Enter");
  };
  await waitFor(tmux, (text) => text.trimEnd().endsWith("$"), () => see(coming));
  for (const { command, wait, see: question, type: reply } of steps) {
    const before = prompts(tmux);
    if (command) await type(command);
    else {
      await waitFor(tmux, (text) => /\?\s*(\[[^\]]*\]|\([^)]*\))?:?\s*$/.test(text.trimEnd()) && text.includes(question), () => see(coming));
      see(reading);
      await type(reply);
    }
    if (wait === null) continue;
    await waitFor(tmux, (text) => text.trimEnd().endsWith("$") && prompts(tmux) !== before, () => see(coming));
    see(reading);
  }
  return frames;
}

/** What tells that a command has ended: how many lines there were, and where the cursor is. */
function prompts(tmux) {
  return tmux("display-message", "-p", "#{history_size} #{cursor_y} #{cursor_x}");
}

async function waitFor(tmux, isThere, look) {
  const end = Date.now() + patienceMs;
  for (;;) {
    await pause(150);
    look();
    const text = tmux("capture-pane", "-p");
    if (isThere(text)) return;
    if (Date.now() > end) throw new Error(`never came:\n${text}`);
  }
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** A package with a tab, of a plugin that may do some things with pods. */
function plugin(folder, id, version, verbs) {
  const source = join(folder, `.${version}`);
  mkdirSync(source);
  const permissions = verbs.map((verb) => ({ apiGroups: [""], resources: ["pods"], verbs: [verb] }));
  const reasons = verbs.includes("delete") ? "reads the pod that you look at; deletes it when you choose Replace" : "reads the pod that you look at";
  const manifest = { manifestVersion: 1, id, version, displayName: "Pods", description: "Says on which node a pod runs.", license: "Apache-2.0", engines: { lazyoc: "^1.0" }, main: "plugin.js", permissions: { kubernetes: permissions }, permissionReasons: { kubernetes: reasons }, contributes: { tabs: [{ id: `${id}.node`, title: "Node", resource: "Pod" }] } };
  writeFileSync(join(source, "plugin.json"), JSON.stringify(manifest));
  writeFileSync(join(source, "plugin.js"), `lazyoc.on("render", () => ({ type: "text", spans: [{ text: "here" }] }));\n`);
  cpSync("LICENSE", join(source, "LICENSE"));
  lazyoc(folder, "plugin", "pack", source, "--file", join(folder, `${id}-${version}.lzp`));
}

function lazyoc(folder, ...args) {
  execFileSync(program, args, { cwd: folder, env: { ...process.env, LAZYOC_HOME: join(folder, ".home") }, stdio: ["ignore", "ignore", "inherit"] });
}

function length(frames) {
  return frames.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** https://docs.asciinema.org/manual/asciicast/v2/ : a header, then what is written when; of each screen the lines that are new. */
function asciicast(frames) {
  const out = [JSON.stringify({ version: 2, width, height, env: { TERM: "xterm-256color" } })];
  let [at, before] = [0, []];
  for (const { lines, seconds } of frames) {
    const written = lines.map((line, row) => (line === before[row] ? "" : `\x1b[${row + 1};1H\x1b[m${line.trimEnd()}\x1b[m\x1b[K`)).join("");
    out.push(JSON.stringify([Number(at.toFixed(2)), "o", before.length === 0 ? `\x1b[2J${written}` : written]));
    [at, before] = [at + seconds, lines];
  }
  return out.join("\n") + "\n";
}

/** Each line of each screen is an element that is visible as long as the line stays; all of it begins anew at the end. */
function animation(frames) {
  const whole = length(frames) + reading;
  const out = [...frame(width, height), `<rect width="0" height="0"><animate id="loop" attributeName="x" from="0" to="0" dur="${whole.toFixed(2)}s" begin="0s;loop.end"/></rect>`];
  for (let row = 0; row < height; row++) {
    let at = 0;
    for (let i = 0; i < frames.length; ) {
      const [line, begin] = [frames[i].lines[row] ?? "", at];
      while (i < frames.length && (frames[i].lines[row] ?? "") === line) at += frames[i++].seconds;
      const { out: drawn } = drawLine(line, row);
      if (drawn.length === 0) continue;
      const end = i === frames.length ? "" : ` end="loop.begin+${at.toFixed(2)}s;loop.end"`;
      out.push(`<g visibility="hidden"><set attributeName="visibility" to="visible" begin="loop.begin+${begin.toFixed(2)}s"${end || ` dur="${(whole - begin).toFixed(2)}s"`}/>${drawn.join("")}</g>`);
    }
  }
  return out.join("\n") + "\n</svg>\n";
}
