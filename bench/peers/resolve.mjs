// Resolves plugins with npm's own resolver, and prints the median milliseconds of it as JSON.
//   node resolve.mjs UNIVERSE-FILE ROUNDS
// UNIVERSE-FILE is { roots: { NAME: RANGE }, packages: { NAME: { VERSION: { NAME: RANGE } } } }.
// All metadata is in npm's cache in memory before it begins, so that the figure is npm's thinking alone: no request is sent,
// and nothing answers where one would go. How many packages it chose goes to standard error.
import Arborist from "@npmcli/arborist";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const registry = "http://127.0.0.1:9";
const [file, roundsText] = process.argv.slice(2);
const { roots, packages } = JSON.parse(readFileSync(file, "utf8"));

const packument = (name, versions) => ({
  name,
  "dist-tags": { latest: Object.keys(versions).at(-1) },
  versions: Object.fromEntries(Object.entries(versions).map(([version, dependencies]) => [version, {
    name, version, dependencies, dist: { tarball: `${registry}/${name}-${version}.tgz`, integrity: "sha512-AAAA" },
  }])),
});
const packumentCache = new Map(Object.entries(packages).map(([name, versions]) => [`full:${registry}/${name}`, packument(name, versions)]));

const work = mkdtempSync(join(tmpdir(), "lazyoc-npm-"));
try {
  writeFileSync(join(work, "package.json"), JSON.stringify({ name: "bench", version: "1.0.0", dependencies: roots }));
  const options = { path: work, cache: join(work, "cache"), registry: `${registry}/`, packumentCache, audit: false, fetchRetries: 0 };
  const samples = [];
  for (let i = 0; i < Number(roundsText); i++) {
    const started = process.hrtime.bigint();
    const tree = await new Arborist(options).buildIdealTree({ save: false });
    samples.push(Number(process.hrtime.bigint() - started) / 1e6);
    if (i === 0) console.error(`${tree.inventory.size - 1} packages`);
  }
  samples.sort((a, b) => a - b);
  console.log(JSON.stringify({ value: samples[samples.length >> 1] }));
} finally {
  rmSync(work, { recursive: true });
}
