// Builds the site and looks whether it is whole: every link inside it leads to a page and an anchor that are there, no page
// asks another host for anything, and the search finds what it should. `npm ci` and `npm run check` in this folder.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import MiniSearch from "minisearch";

const here = dirname(fileURLToPath(import.meta.url));
const site = resolve(here, "../artifacts/site");
if (!process.argv.includes("--built")) execFileSync("node", [join(here, "node_modules/vitepress/bin/vitepress.js"), "build", "."], { cwd: here, stdio: ["ignore", "ignore", "inherit"] });

const all = readdirSync(site, { recursive: true }).map((name) => name.replaceAll("\\", "/"));
const pages = new Map(all.filter((name) => name.endsWith(".html")).map((name) => [`/${name}`, readFileSync(join(site, name), "utf8")]));
const problems = [];

for (const [page, html] of pages) {
  for (const [, , name, value] of html.matchAll(/<(a|img|link|script)\b[^>]*?\s(href|src)="([^"]*)"/g)) {
    const url = new URL(value.replaceAll("&amp;", "&"), `https://site${page}`);
    if (url.host !== "site") {
      if (name === "src" || /<(?:link|script)\b[^>]*$/.test(html.slice(0, html.indexOf(value)).slice(-300))) problems.push(`${page}: asks ${url.host} for ${value}`);
      continue;
    }
    const target = fileOf(decodeURIComponent(url.pathname));
    if (!target) problems.push(`${page}: ${value} leads nowhere`);
    else if (url.hash && target.endsWith(".html") && !pages.get(target)?.includes(` id="${decodeURIComponent(url.hash.slice(1))}"`)) problems.push(`${page}: ${value} has no such anchor`);
  }
}

const index = all.find((name) => /localSearchIndexroot.*\.js$/.test(name));
if (!index) problems.push("there is no search index");
else {
  // Imported as data: nothing says of the file that it is a module.
  const { default: json } = await import(`data:text/javascript;base64,${readFileSync(join(site, index)).toString("base64")}`);
  const search = MiniSearch.loadJSON(json, { fields: ["title", "titles", "text"], storeFields: ["title", "titles"], searchOptions: { fuzzy: 0.2, prefix: true, boost: { title: 4, text: 2, titles: 1 } } });
  for (const [word, page] of [["quota", "/docs/troubleshooting#quota-exceeded"], ["gesture", "/docs/plugins/permissions"], ["xylophone", null]]) {
    const found = search.search(word).map(({ id }) => id.replace(/\.html/, ""));
    if (page ? !found.some((id) => id.startsWith(page)) : found.length > 0) problems.push(`the search for ${word} found ${found.slice(0, 3).join(", ") || "nothing"}`);
  }
}

for (const problem of problems.slice(0, 40)) console.error(problem);
console.log(`${pages.size} pages, ${problems.length} problems`);
process.exitCode = problems.length > 0 || pages.size < 30 ? 1 : 0;

/** The file that a path of the site is served from; undefined when there is none. */
function fileOf(path) {
  return [path, `${path}.html`, join(path, "index.html")].find((file) => file !== "/" && existsSync(join(site, file)) && statSync(join(site, file)).isFile());
}
