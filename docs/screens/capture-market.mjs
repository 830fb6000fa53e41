// Draws docs/screens/market-*.png: the web site of a marketplace that is filled with the demo's plugins, in Chromium.
//   node docs/screens/capture-market.mjs           (from the root; builds nothing, so run ./lazyoc once before)
// Everything that is shown was done: accounts, reviews and downloads are made by this script over the site and the API.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MAX_BYTES = 200_000;
const [desktop, phone] = [{ width: 1280, height: 900 }, { width: 390, height: 844 }];
const plugin = "/plugins/lazyoc.pod-health";

/** Name of the file: the page, how it is looked at, and who looks. */
const shots = {
  "market-home": { path: "/", ...desktop },
  "market-results": { path: "/search?q=pods", ...desktop },
  "market-plugin": { path: plugin, ...desktop },
  "market-portal": { path: "/portal/publishers/acme", ...desktop, isSignedIn: true },
  "market-phone": { path: plugin, ...phone },
  "market-phone-dark": { path: plugin, ...phone, isDark: true },
};

const folder = mkdtempSync(join(tmpdir(), "lazyoc-market-shots-"));
const market = spawn("./lazyoc", ["market", "serve", "--seed-demo", "--no-cooldown", "--port", "0", "--data", join(folder, "data")], { stdio: ["ignore", "pipe", "inherit"] });
const chromium = spawn("chromium", ["--headless=new", "--remote-debugging-pipe", "--hide-scrollbars", `--user-data-dir=${join(folder, "profile")}`, ...(process.getuid() === 0 ? ["--no-sandbox"] : [])], {
  stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
});
try {
  const root = await addressOf(market);
  const session = await fill(root);
  const browser = devTools(chromium);
  for (const [name, shot] of Object.entries(shots)) {
    const picture = await take(browser, root, shot, session);
    if (picture.length > MAX_BYTES) throw new Error(`${name}.png has ${picture.length} bytes`);
    writeFileSync(`docs/screens/${name}.png`, picture);
    console.log(`docs/screens/${name}.png ${picture.length}`);
  }
  await browser("Browser.close");
} finally {
  for (const child of [chromium, market]) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await new Promise((ended) => child.once("exit", ended));
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
}

/** The address that the server prints. */
function addressOf(server) {
  return new Promise((found, failed) => {
    let text = "";
    server.stdout.on("data", (chunk) => {
      text += chunk;
      const address = /: (http:\/\/\S+)\n/.exec(text);
      if (address) found(address[1].replace(/\/$/, ""));
    });
    server.once("exit", (code) => failed(new Error(`the marketplace ended with ${code}`)));
  });
}

/** Waits for the demo's plugins, downloads and reviews them, and gives the session of an author with a publisher. */
async function fill(root) {
  const ids = ["lazyoc.pod-health", "lazyoc.cluster-pulse"];
  const infos = await Promise.all(ids.map((id) => until(() => get(root, `/v1/api/plugins/${id}`))));
  const opinions = [
    ["lazyoc.pod-health", "maria", 5, "The warnings beside the containers saved me a long evening. The score is honest about restarts, too."],
    ["lazyoc.pod-health", "jonas", 4, "Does what it says. I would like the score of a whole deployment."],
    ["lazyoc.cluster-pulse", "maria", 5, "One look in the morning, and I know whether to get a coffee first."],
  ];
  for (const [id, name, stars, text] of opinions) {
    const token = (await post(root, "accounts", { name, password: "a long pass phrase" }, undefined, true)) ?? (await post(root, "sessions", { name, password: "a long pass phrase" }));
    const digest = infos[ids.indexOf(id)].versions[0].digest;
    await fetch(`${root}/v1/packages/${digest}.lzp`, { headers: { authorization: `Bearer ${token.token}`, "user-agent": "lazyoc/1.0.0" } }).then((response) => (response.ok ? response.arrayBuffer() : Promise.reject(new Error(`${id}: ${response.status}`))));
    await until(() => put(root, `plugins/${id}/reviews/mine`, { stars, text }, token.token));
  }
  const author = await post(root, "accounts", { name: "anna", password: "a long pass phrase" });
  await post(root, "publishers", { name: "acme", displayName: "Acme Corp" }, author.token);
  return signIn(root, "anna", "a long pass phrase");
}

/** Signs in by the form of the site; the cookie. */
async function signIn(root, name, password) {
  const page = await fetch(`${root}/sign-in`);
  const cookie = page.headers.get("set-cookie").split(";")[0];
  const token = /name="form-token" value="([^"]+)"/.exec(await page.text())[1];
  const answer = await fetch(`${root}/sign-in`, { method: "POST", redirect: "manual", headers: { cookie }, body: new URLSearchParams({ "form-token": token, name, password }) });
  return answer.headers.getSetCookie().find((set) => set.includes("session")).split(";")[0];
}

async function get(root, path) {
  const response = await fetch(root + path);
  return response.ok ? response.json() : undefined;
}

async function post(root, path, body, token, mayFail = false) {
  const response = await fetch(`${root}/v1/api/${path}`, { method: "POST", headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify(body) });
  if (response.ok) return response.json();
  if (mayFail) return undefined;
  throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

async function put(root, path, body, token) {
  const response = await fetch(`${root}/v1/api/${path}`, { method: "PUT", headers: { "content-type": "application/json", authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
  return response.ok ? response.json() : undefined;
}

/** Tries until there is something; downloads are counted after some seconds. */
async function until(attempt) {
  const end = Date.now() + 300_000;
  for (;;) {
    const value = await attempt();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`waited in vain for ${attempt}`);
    await new Promise((done) => setTimeout(done, 500));
  }
}

/** Chromium's own protocol over its pipe: sends a command, gives its result. */
function devTools(child) {
  const [input, output] = [child.stdio[3], child.stdio[4]];
  const waiting = new Map();
  let [count, rest] = [0, ""];
  output.setEncoding("utf8");
  output.on("data", (chunk) => {
    const messages = (rest + chunk).split("\0");
    rest = messages.pop();
    for (const { id, result, error } of messages.map((message) => JSON.parse(message))) {
      if (id === undefined) continue;
      waiting.get(id)(error ? Promise.reject(new Error(error.message)) : result);
      waiting.delete(id);
    }
  });
  return (method, params = {}, sessionId = undefined) =>
    new Promise((done) => {
      waiting.set(++count, done);
      input.write(`${JSON.stringify({ id: count, method, params, sessionId })}\0`);
    });
}

async function take(browser, root, { path, width, height, isDark = false, isSignedIn = false }, session) {
  const { browserContextId } = await browser("Target.createBrowserContext");
  const { targetId } = await browser("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = await browser("Target.attachToTarget", { targetId, flatten: true });
  const tab = (method, params) => browser(method, params, sessionId);
  await tab("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  await tab("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: isDark ? "dark" : "light" }] });
  if (isSignedIn) {
    const [name, value] = session.split("=");
    await tab("Network.setCookie", { name, value, url: root });
  }
  await tab("Page.navigate", { url: root + path });
  await until(async () => {
    const { result } = await tab("Runtime.evaluate", { expression: "document.readyState === 'complete' && location.href !== 'about:blank'" });
    return result.value || undefined;
  });
  const { data } = await tab("Page.captureScreenshot", { format: "png" });
  await browser("Target.disposeBrowserContext", { browserContextId });
  return Buffer.from(data, "base64");
}
