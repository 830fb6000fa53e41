// The documentation as a site: the Markdown of the repository as it is read on the forge. Search is in the browser, over an
// index that the build makes; nothing is asked of another host.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const roots = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "RATIONALE.md", "SECURITY.md"];

/** Folders with pages. */
const folders = ["docs", "plugins", "deploy", "fuzz"];
copyPages();

/** Files that pages lead to and that are no pages: they are published beside them. */
const files = new Set();

export default {
  title: "LazyOC",
  description: "A terminal UI for OpenShift and Kubernetes, extended by sandboxed plugins",
  lang: "en-GB",
  srcDir: "pages",
  outDir: "../artifacts/site",
  cacheDir: "../artifacts/site-cache",
  cleanUrls: true,
  rewrites: (page) => page.replace(/(^|\/)README\.md$/, "$1index.md"),
  markdown: { anchor: { slugify }, config },
  themeConfig: {
    search: { provider: "local", options: { detailedView: true } },
    outline: [2, 3],
    nav: [
      { text: "Start", link: "/docs/plugins/getting-started" },
      { text: "Reference", link: "/docs/reference/manifest" },
      { text: "Troubleshooting", link: "/docs/troubleshooting" },
    ],
    sidebar: [
      section("LazyOC", { Overview: "/", Installing: "docs/install", Policy: "docs/policy", Troubleshooting: "docs/troubleshooting", Performance: "docs/performance", Glossary: "docs/glossary", Changes: "CHANGELOG" }),
      section("Writing plugins", {
        "Your first plugin": "docs/plugins/getting-started",
        Workshop: "docs/workshop/",
        Testing: "docs/plugins/testing",
        Permissions: "docs/plugins/permissions",
        Performance: "docs/plugins/performance",
        Publishing: "docs/plugins/publishing",
        WebAssembly: "docs/plugins/webassembly",
        Compatibility: "docs/compatibility",
      }),
      section("Extension points", {
        Overview: "docs/plugins/extension-points",
        Columns: "docs/plugins/columns",
        "Tabs, sections, pages": "docs/plugins/views",
        "Actions, commands, keys": "docs/plugins/actions",
        Hooks: "docs/plugins/hooks",
        "Log transforms": "docs/plugins/logs",
        "Status items, cards": "docs/plugins/dashboard",
        "Relations, templates, themes": "docs/plugins/relations",
        "Resource views": "docs/plugins/resource-views",
        "Services and events": "docs/plugins/services",
        "Settings and servers": "docs/plugins/settings",
      }),
      section("Reference", { Manifest: "docs/reference/manifest", "Host calls": "docs/reference/host-api", Events: "docs/reference/events", Packages: "docs/packages", Signatures: "docs/signing", Resolution: "docs/resolution", Scanning: "docs/scanning" }),
      section("Registries and marketplaces", {
        Registries: "docs/registry",
        "Of a company": "docs/private-registries",
        Accounts: "docs/marketplace-accounts",
        Operations: "docs/marketplace-operations",
        API: "docs/marketplace-api",
        Scaling: "docs/scaling",
      }),
      section("Plugins", Object.fromEntries(samples().map((name) => [name, `plugins/${name}/`]))),
      section("The project", { Architecture: "ARCHITECTURE", "Why it is so": "RATIONALE", Security: "SECURITY", Contributing: "CONTRIBUTING" }),
    ],
  },
  buildEnd({ outDir }) {
    for (const file of files) {
      mkdirSync(dirname(join(outDir, file)), { recursive: true });
      cpSync(join(root, file), join(outDir, file), { recursive: true });
    }
  },
};

/** What is done with every page. */
function config(markdown) {
  markdown.core.ruler.push("files", linkFiles);
  markdown.core.ruler.push("names", nameBlocks);
}

/** A block of code that names its file, as in "ts src/plugin.ts", has the name above it. */
function nameBlocks(state) {
  state.tokens = state.tokens.flatMap((token) => {
    const file = token.type === "fence" ? /^\w+ ([\w./-]+)$/.exec(token.info.trim())?.[1] : undefined;
    if (!file) return [token];
    const name = new state.Token("html_block", "", 0);
    name.content = `<p class="file"><code>${file}</code></p>\n`;
    return [name, token];
  });
}

/** The anchor that the forge makes of a heading, so that links to it are good in both places. */
function slugify(title) {
  return title.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

/** A part of the side bar, of the pages that are there. */
function section(text, pages) {
  const isThere = (page) => page === "/" || existsSync(join(root, page.endsWith("/") ? `${page}README.md` : `${page}.md`));
  return { text, collapsed: text === "Plugins", items: Object.entries(pages).filter(([, page]) => isThere(page)).map(([name, page]) => ({ text: name, link: page === "/" ? page : `/${page}` })) };
}

function samples() {
  return readdirSync(join(root, "plugins")).filter((name) => existsSync(join(root, "plugins", name, "README.md")));
}

/** The pages and their pictures, below this folder: what they are compiled to looks for its packages from there. */
function copyPages() {
  const pages = join(root, "site", "pages");
  rmSync(pages, { recursive: true, force: true });
  const isWanted = (path) => !/\/(node_modules|src|dist|bin|obj)$/.test(path) && (statSync(path).isDirectory() || /\.(md|svg|png)$/.test(path));
  for (const name of [...roots, ...folders]) cpSync(join(root, name), join(pages, name), { recursive: true, filter: isWanted });
}

/** Links to files and folders of the repository that are no pages lead to copies of the files; a folder leads to its README where it has one. */
function linkFiles(state) {
  const page = join(root, state.env.relativePath.replace(/(^|\/)index\.md$/, "$1README.md"));
  const tokens = state.tokens.flatMap(({ children }) => children ?? []);
  for (const [index, token] of tokens.entries()) {
    const href = token.type === "link_open" ? token.attrGet("href") : null;
    if (!href || /^[a-z]+:|^[#/]/.test(href)) continue;
    const [path, anchor] = href.split("#");
    const target = resolve(dirname(page), path);
    if (!existsSync(target)) continue;
    const file = relative(root, target);
    const readme = statSync(target).isDirectory() ? join(file, "README.md") : file;
    if (readme.endsWith("README.md") && isPage(readme)) token.attrSet("href", `/${readme.slice(0, -"README.md".length)}${anchor ? `#${anchor}` : ""}`);
    else if (statSync(target).isDirectory()) {
      unlink(token, tokens.slice(index).find(({ type }) => type === "link_close"));
    } else if (!isPage(file)) {
      files.add(file);
      token.attrSet("href", `/${file}`);
      token.attrSet("target", "_self");
    }
  }
}

/** A folder without a page is named, and leads nowhere. */
function unlink(...tokens) {
  for (const token of tokens) Object.assign(token, { tag: "span", attrs: null });
}

function isPage(file) {
  return file.endsWith(".md") && existsSync(join(root, file)) && (roots.includes(file) || folders.includes(file.split("/")[0]));
}
