import { cluster, expect, plugin, ref, test } from "@lazyoc/plugin/testing";

const search = ref("apps/Deployment", "search", "bookstore");
const tab = "lazyoc.security-scan.deployment";

interface Deployment {
  spec: { template: { spec: { containers: { image: string; securityContext?: object }[] } } };
}

const searchAsItIs = async () => (await cluster.get<Deployment & object>("apps/v1", "Deployment", "search", "bookstore"))!;

test("accepts what version 1 ignored", async () => {
  await plugin.start({ storedBy: "1.0.0", stored: { ignored: ["PSS-R03 Deployment/bookstore/search", "nonsense"] } });
  expect(JSON.stringify(await (await plugin.tab(tab, search)).content())).toContain("accepted before reasons were asked for");
});

test("shows the same report and tab after an update", async () => {
  await plugin.start();
  const report = await plugin.page("lazyoc.security-scan.report");
  const security = await plugin.tab(tab, search);
  await security.activate("rules", "PSS-R03");
  const before = [await report.text(), await security.text()];
  expect(before[0]).toContain("search");
  await plugin.swap();
  expect([await report.text(), await security.text()]).toEqual(before);
});

test("counts findings in the list", async () => {
  await plugin.start();
  const [cell] = await plugin.column("lazyoc.security-scan.findings", search);
  expect(/^\d+[CHML]/.test(cell!.text)).toBe(true);
});

test("warns of a change that makes things worse, and of no other", async () => {
  await plugin.start();
  const object = await searchAsItIs();
  expect(await plugin.hook("update", search, { object })).toEqual({ outcome: "allow" });
  object.spec.template.spec.containers[0]!.securityContext = { privileged: true };
  const verdict = await plugin.hook("update", search, { object });
  expect(verdict.outcome).toBe("warn");
  expect(JSON.stringify(verdict)).toContain("PSS-B");
});

test("stops it if the policy says so", async () => {
  await plugin.start({ settings: { policy: "deny" } });
  const object = await searchAsItIs();
  object.spec.template.spec.containers[0]!.securityContext = { privileged: true };
  expect((await plugin.hook("update", search, { object })).outcome).toBe("deny");
});

test("exports SARIF, and says where it is or why not", async () => {
  await plugin.start();
  await plugin.command("lazyoc.security-scan.sarif");
  expect((await plugin.shown()).map(({ what, text }) => `${what} ${text}`)).toEqual(["notify The report is in security.sarif, in the folder that you chose for reports"]);
  await plugin.start({ withhold: ["files"] });
  await plugin.command("lazyoc.security-scan.sarif");
  expect((await plugin.shown())[0]!.text).toContain("choose a folder for `reports`");
});
