import { cluster, expect, plugin, ref, test } from "@lazyoc/plugin/testing";

async function somePod() {
  const [pod] = await cluster.list("v1", "Pod", "bookstore");
  return ref("Pod", pod!.metadata.name, "bookstore");
}

test("colours the level of a line", async () => {
  await plugin.start();
  expect(await plugin.logLines(await somePod(), ["12:00 ERROR no room"])).toEqual([
    [
      { text: "12:00 ", style: "plain" },
      { text: "ERROR", style: "error" },
      { text: " no room", style: "plain" },
    ],
  ]);
});

test("hides health checks and nothing else", async () => {
  await plugin.start();
  const lines = await plugin.logLines(await somePod(), ["GET /healthz 200", "GET /books 200"]);
  expect(lines.map((line) => line === null)).toEqual([true, false]);
});

test("sees no line when the user does not let it", async () => {
  await plugin.start({ withhold: ["logs"] });
  expect(await plugin.logLines(await somePod(), ["GET /healthz 200"])).toEqual([[{ text: "GET /healthz 200", style: "plain" }]]);
});
