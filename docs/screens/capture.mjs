// Makes the pictures of this folder, and those of the demo's plugins: runs LazyOC's demo in a real terminal (tmux), presses
// keys, and draws what the terminal shows as SVG. Run from the repository's root after a build:
//   node docs/screens/capture.mjs [NAME…]
// The variable LAZYOC names another program than ./lazyoc.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grafana, prometheus } from "./servers.mjs";
import { draw } from "./terminal.mjs";

const [width, height] = [132, 40];

/** Opens what the palette finds by its title. */
const open = (title) => [{ see: "HEALTH" }, ":", { type: title }, { pause: 500 }, "Enter"];

/** Opens a tab of the pod whose name has these letters. */
const tabOf = (pod, tab) => [{ see: "HEALTH" }, "/", { type: pod }, "Enter", { see: ` /${pod} ` }, "Enter", { tab }];

/** Keys are tmux names; a text is waited for before the next key. Some pictures need a server, and settings. */
const shots = {
  pods: [{ see: "HEALTH" }, ...Array(8).fill("j"), { see: "CONTAINER" }],
  health: [...tabOf("recomm", "Health"), { see: "last hour" }],
  palette: [{ see: "HEALTH" }, ":", { type: "dep" }, { see: "Deployments" }],
  confirm: [{ see: "HEALTH" }, "j", "d", { see: "Delete" }],
  logs: [{ see: "HEALTH" }, "l", { see: "[Logs]" }, { pause: 3000 }],
  plugins: [{ see: "HEALTH" }, "P", { see: "Pod health" }, "j", "Enter", "]", { see: "[Permissions]" }, { pause: 3000 }],
  dashboard: [{ see: "HEALTH" }, "1", "g", "g", "Enter", { see: "Dashboard" }, { pause: 2000 }],
  definitions: [{ see: "HEALTH" }, ":", { type: "Custom resources" }, "Enter", { see: "tekton.dev" }, { pause: 3000 }],
  board: [{ see: "HEALTH" }, ":", { type: "open the board" }, "Enter", { see: "catalog-build" }, { pause: 4000 }],
  score: [...tabOf("recomm", "Health"), { see: "last hour" }],
  pulse: [...open("Cluster pulse"), { see: "AILING POD" }, { pause: 2000 }],
  patterns: [...tabOf("checkout", "Log patterns"), { see: "<*>" }, { pause: 2000 }],
  diff: [...open("Deployments"), { see: "AVAILABLE" }, "Space", "j", "Space", "a", { pause: 500 }, { type: "Compare" }, { pause: 500 }, "Enter", { pause: 4000 }],
  report: [...open("Security report"), { see: "Export SARIF" }],
  promql: {
    server: prometheus,
    settings: ({ url }) => ({ "lazyoc.prometheus": { url, exportAtStart: "true" } }),
    steps: [...open("PromQL"), { see: "such as" }, { pause: 15_000 }, "Enter", "C-u", { type: "sum by (namespace) (lazyoc_pods)" }, "Enter", "Down", "Enter", { see: "openshift-" }, { pause: 1000 }],
  },
  grafana: {
    server: grafana,
    settings: ({ url }) => ({ "lazyoc.grafana": { url } }),
    steps: [...open("Grafana: "), { see: "Shop overview" }, "Down", "Down", "Down", "Down", { pause: 500 }, "Enter", { see: "Requests per second" }, { pause: 2000 }],
  },
  export: {
    settings: () => ({ "lazyoc.audit-exporter": { target: "http", url: "http://127.0.0.1:9" } }),
    steps: [...open("Audit export"), { see: "Send now" }, "Enter", { see: "Last try" }],
  },
};

/** Where pictures of plugins go. */
const folders = {
  board: "plugins/cicd-monitor/screens",
  definitions: "plugins/crd-visualizer/screens",
  score: "plugins/pod-health/screens",
  pulse: "plugins/cluster-pulse/screens",
  patterns: "plugins/log-patterns/screens",
  diff: "plugins/diff-viewer/screens",
  report: "plugins/security-scan/screens",
  promql: "plugins/prometheus/screens",
  grafana: "plugins/grafana/screens",
  export: "plugins/audit-exporter/screens",
};

const program = process.env.LAZYOC ?? "./lazyoc";

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(shots);
for (const name of names) {
  const home = mkdtempSync(join(tmpdir(), "lazyoc-shot-"));
  const server = `lazyoc-shot-${process.pid}`;
  const { steps, server: start, settings } = Array.isArray(shots[name]) ? { steps: shots[name] } : shots[name];
  const peer = await start?.();
  const tmux = (...args) => execFileSync("tmux", ["-L", server, "-f", "/dev/null", ...args], { encoding: "utf8" });
  try {
    for (const [plugin, values] of Object.entries(settings?.(peer) ?? {}))
      for (const [setting, value] of Object.entries(values)) execFileSync(program, ["plugin", "settings", plugin, "set", setting, value, "--demo"], { env: { ...process.env, LAZYOC_HOME: home }, stdio: ["ignore", "ignore", "inherit"] });
    tmux("new-session", "-d", "-x", String(width), "-y", String(height), "env", `LAZYOC_HOME=${home}`, "COLORTERM=truecolor", program, "--demo");
    tmux("set-option", "-s", "default-terminal", "tmux-256color");
    for (const step of steps) await take(step, tmux);
    const folder = folders[name] ?? "docs/screens";
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/${name}.svg`, draw(tmux("capture-pane", "-e", "-p", "-N").split("\n").slice(0, height), width, height));
    console.log(`${folder}/${name}.svg`);
  } finally {
    for (const key of ["Escape", "Escape", "C-c"]) {
      spawnSync("tmux", ["-L", server, "send-keys", key]);
      await pause(300); // an escape alone is told from one that begins a sequence by what follows
    }
    for (let i = 0; i < 600 && spawnSync("tmux", ["-L", server, "has-session"]).status === 0; i++) await pause(100);
    spawnSync("tmux", ["-L", server, "kill-server"]);
    await peer?.end();
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
  if (step.tab) {
    for (let i = 0; i < 20 && !tmux("capture-pane", "-p").includes(`[${step.tab}]`); i++) {
      tmux("send-keys", "]");
      await pause(300);
    }
    return take({ see: `[${step.tab}]` }, tmux);
  }
  if (step.pause) return pause(step.pause);
  if (step.type) tmux("send-keys", "-l", step.type);
  else tmux("send-keys", step);
  return pause(300);
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
