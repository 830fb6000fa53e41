import { expect, plugin, test } from "@lazyoc/plugin/testing";

test("lab 5: the grade comes from another plugin, and is told to all", async () => {
  await plugin.start({ faults: [{ call: "services.call", answer: { output: { counts: [{ findings: 4 }, { findings: 9 }] } } }] });
  await plugin.command("acme.workshop.grade");
  expect((await plugin.shown())[0]!.text).toBe("The cluster has grade C");
  expect((await plugin.calls("events.publish")).map(({ args }) => args["data"])).toEqual([{ grade: "C" }]);
});

test("lab 5: without the other plugin it says so", async () => {
  await plugin.start();
  await plugin.command("acme.workshop.grade");
  expect((await plugin.shown())[0]!.text).toBe("The cluster has grade unknown");
});
