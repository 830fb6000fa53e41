using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>10,000 pods in 100 namespaces, of which 500 change every second.</summary>
internal sealed class LargeScenario : Scenario
{
    private const int Namespaces = 100;
    private const int PodsPerNamespace = 100;
    private const int ChangesPerStep = 50;

    private readonly List<(string Namespace, string Name)> _pods = new(Namespaces * PodsPerNamespace);

    public override TimeSpan Tick => TimeSpan.FromMilliseconds(100);

    public override void Populate(ControlPlane plane)
    {
        base.Populate(plane);
        plane.WriteAsOf(plane.Now.AddHours(-30), () =>
        {
            for (int n = 0; n < Namespaces; n++)
            {
                string ns = string.Create(CultureInfo.InvariantCulture, $"team-{n:D3}");
                Foundation.AddNamespace(plane, ns);
                for (int p = 0; p < PodsPerNamespace; p++)
                    AddPod(plane, ns, n, p);
            }
        });
    }

    public override void Step(ControlPlane plane, long step)
    {
        for (int i = 0; i < ChangesPerStep; i++)
        {
            (string ns, string name) = _pods[plane.Names.Next(_pods.Count)];
            if (plane.Store.Find(ResourceCatalog.Pods, ns, name) is { } pod)
                plane.Mutate(pod, Restart);
        }

        void Restart(JsonObject tree)
        {
            JsonObject status = tree.Objects("status", "containerStatuses").First();
            status["restartCount"] = (status.Integer("restartCount") ?? 0) + 1;
            status["lastState"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 137, ["reason"] = "OOMKilled", ["finishedAt"] = plane.Timestamp } };
        }
    }

    private void AddPod(ControlPlane plane, string ns, int n, int p)
    {
        string app = string.Create(CultureInfo.InvariantCulture, $"service-{p / 10}");
        string name = $"{app}-{plane.Names.Suffix()}-{plane.Names.Suffix()}";
        string now = plane.Timestamp;
        string ip = string.Create(CultureInfo.InvariantCulture, $"10.{130 + (n / 50)}.{n}.{p + 1}");
        Foundation.Add(plane, $$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}","namespace":"{{ns}}","labels":{"app":"{{app}}","tier":"backend"} },
             "spec":{"nodeName":"worker-{{p % 2}}","containers":[{"name":"{{app}}","image":"quay.io/large/{{app}}:1.0.{{p}}","resources":{"requests":{"cpu":"50m","memory":"64Mi"} } }]},
             "status":{"phase":"Running","podIP":"{{ip}}","hostIP":"10.0.128.{{11 + (p % 2)}}","startTime":"{{now}}","qosClass":"Burstable",
              "conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"{{now}}"},{"type":"Initialized","status":"True","lastTransitionTime":"{{now}}"},{"type":"Ready","status":"True","lastTransitionTime":"{{now}}"},{"type":"ContainersReady","status":"True","lastTransitionTime":"{{now}}"}],
              "containerStatuses":[{"name":"{{app}}","image":"quay.io/large/{{app}}:1.0.{{p}}","imageID":"","ready":true,"started":true,"restartCount":0,"lastState":{},"state":{"running":{"startedAt":"{{now}}"} } }]} }
            """);
        _pods.Add((ns, name));
    }
}
