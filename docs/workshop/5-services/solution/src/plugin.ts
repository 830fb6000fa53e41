import { definePlugin, type Host, type HostError } from "@lazyoc/plugin";

definePlugin({
  commands: {
    "acme.workshop.grade": async (_, host) => {
      const grade = await graded(host);
      await host.events.publish("acme.workshop.graded", { grade }, "latest");
      await host.ui.notify(`The cluster has grade ${grade}`);
    },
  },
  services: {
    grade: async (_, host) => ({ grade: await graded(host) }),
  },
});

/** From A, without findings, to E; without the security scan nobody knows. */
async function graded(host: Host): Promise<string> {
  try {
    const { counts } = await host.callService<{ counts: { findings: number }[] }>("lazyoc.security-scan/summary", {});
    const findings = counts.reduce((sum, count) => sum + count.findings, 0);
    return "ABCDE"[Math.min(4, Math.ceil(findings / 10))]!;
  } catch (error) {
    if ((error as HostError).code === "not-found") return "unknown";
    throw error;
  }
}
