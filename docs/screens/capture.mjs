// Makes the pictures of this folder: runs LazyOC's demo in a real terminal (tmux), presses keys, and draws what the
// terminal shows as SVG. Run from the repository's root after a build:  node docs/screens/capture.mjs [NAME…]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [width, height] = [132, 40];
const [cellWidth, cellHeight, fontSize] = [8.4, 16.4, 14];
const ground = "#12151d";
const plain = { color: "#c9d1e0", back: ground, bold: false, underline: false };

/** Keys are tmux names; a text is waited for before the next key. */
const shots = {
  pods: [{ see: "HEALTH" }, ...Array(8).fill("j"), { see: "CONTAINER" }],
  health: [{ see: "HEALTH" }, "/", { type: "recomm" }, "Enter", { see: " /recomm " }, "Enter", "[", { see: "[Health]" }, { see: "last hour" }],
  palette: [{ see: "HEALTH" }, ":", { type: "dep" }, { see: "Deployments" }],
  confirm: [{ see: "HEALTH" }, "j", "d", { see: "Delete" }],
  logs: [{ see: "HEALTH" }, "l", { see: "[Logs]" }, { pause: 3000 }],
  plugins: [{ see: "HEALTH" }, "P", { see: "Pod health" }, "j", "Enter", "]", { see: "[Permissions]" }, { pause: 3000 }],
  dashboard: [{ see: "HEALTH" }, "1", "g", "g", "Enter", { see: "Dashboard" }, { pause: 2000 }],
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(shots);
for (const name of names) {
  const home = mkdtempSync(join(tmpdir(), "lazyoc-shot-"));
  const server = `lazyoc-shot-${process.pid}`;
  const tmux = (...args) => execFileSync("tmux", ["-L", server, "-f", "/dev/null", ...args], { encoding: "utf8" });
  try {
    tmux("new-session", "-d", "-x", String(width), "-y", String(height), "env", `LAZYOC_HOME=${home}`, "COLORTERM=truecolor", "./lazyoc", "--demo");
    tmux("set-option", "-s", "default-terminal", "tmux-256color");
    for (const step of shots[name]) await take(step, tmux);
    writeFileSync(`docs/screens/${name}.svg`, draw(tmux("capture-pane", "-e", "-p", "-N").split("\n").slice(0, height)));
    console.log(`docs/screens/${name}.svg`);
  } finally {
    for (const key of ["Escape", "Escape", "C-c"]) {
      spawnSync("tmux", ["-L", server, "send-keys", key]);
      await pause(300); // an escape alone is told from one that begins a sequence by what follows
    }
    for (let i = 0; i < 100 && spawnSync("tmux", ["-L", server, "has-session"]).status === 0; i++) await pause(100);
    spawnSync("tmux", ["-L", server, "kill-server"]);
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

async function take(step, tmux) {
  if (step.see) {
    const end = Date.now() + 60_000;
    while (!tmux("capture-pane", "-p").includes(step.see)) {
      if (Date.now() > end) throw new Error(`never saw “${step.see}”:\n${tmux("capture-pane", "-p")}`);
      await pause(100);
    }
    return pause(400);
  }
  if (step.pause) return pause(step.pause);
  if (step.type) tmux("send-keys", "-l", step.type);
  else tmux("send-keys", step);
  return pause(300);
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** Lines with SGR sequences as one SVG: a rectangle for each run on another ground, a text for each run of one style. */
function draw(lines) {
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width * cellWidth + 24}" height="${height * cellHeight + 24}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, monospace" font-size="${fontSize}">`,
    `<rect width="100%" height="100%" rx="10" fill="${ground}"/>`,
  ];
  let style = plain;
  lines.forEach((line, row) => {
    let x = 0;
    for (const run of runs(line, style)) {
      style = run; // a style goes on over the end of a line
      const { text, color, back, bold, underline } = run;
      const columns = [...text].reduce((sum, c) => sum + widthOf(c), 0);
      const [left, top] = [12 + x * cellWidth, 12 + row * cellHeight];
      if (back && back !== ground) out.push(`<rect x="${n(left)}" y="${n(top)}" width="${n(columns * cellWidth)}" height="${cellHeight}" fill="${back}"/>`);
      if (text.trim()) {
        const weight = `${bold ? ' font-weight="bold"' : ""}${underline ? ' text-decoration="underline"' : ""}`;
        out.push(`<text x="${n(left)}" y="${n(top + fontSize)}" fill="${color}"${weight} textLength="${n(columns * cellWidth)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escape(text)}</text>`);
      }
      x += columns;
    }
  });
  return out.join("\n") + "\n</svg>\n";
}

function* runs(line, before) {
  let style = before;
  for (const [, codes, text] of `\x1b[m${line}`.matchAll(/\x1b\[([\d;:]*)m([^\x1b]*)/g)) {
    if (codes) style = apply(style, codes.split(/[;:]/).map(Number));
    yield { ...style, text };
  }
}

function apply(style, codes) {
  let next = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) next = { ...plain };
    else if (code === 1) next.bold = true;
    else if (code === 4) next.underline = true;
    else if (code === 22) next.bold = false;
    else if (code === 24) next.underline = false;
    else if ((code === 38 || code === 48) && codes[i + 1] === 2) {
      next[code === 38 ? "color" : "back"] = "#" + codes.slice(i + 2, i + 5).map((c) => c.toString(16).padStart(2, "0")).join("");
      i += 4;
    } else if (code === 39) next.color = "#c9d1e0";
    else if (code === 49) next.back = ground;
  }
  return next;
}

function widthOf(c) {
  const code = c.codePointAt(0);
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0x1f300 && code <= 0x1faff) ? 2 : 1;
}

function escape(text) {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
}

function n(value) {
  return Number(value.toFixed(2));
}
