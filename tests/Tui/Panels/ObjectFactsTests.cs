using System.Text.Json;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Panels;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Panels;

/// <summary>What the overview tells of each kind.</summary>
public sealed class ObjectFactsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public static TheoryData<string, string[]> Objects => new()
    {
        { """{"apiVersion":"route.openshift.io/v1","kind":"Route","spec":{"host":"a.example.com","path":"/api","to":{"kind":"Service","name":"web","weight":90},"alternateBackends":[{"kind":"Service","name":"canary","weight":10}],"port":{"targetPort":"http"},"tls":{"termination":"edge","insecureEdgeTerminationPolicy":"Redirect"}},"status":{"ingress":[{"routerName":"default","conditions":[{"type":"Admitted","status":"False","reason":"HostAlreadyClaimed"}]}]}}""", ["https://a.example.com/api", "Service/web weight 90 port http", "Service/canary weight 10", "edge, plain HTTP: redirect", "default: HostAlreadyClaimed"] },
        { """{"apiVersion":"build.openshift.io/v1","kind":"Build","spec":{"strategy":{"type":"Docker"},"source":{"git":{"uri":"https://git.example.com/a.git","ref":"main"}},"revision":{"git":{"commit":"abc"}},"output":{"to":{"kind":"ImageStreamTag","name":"a:latest"}}},"status":{"phase":"Failed","reason":"DockerBuildFailed","message":"it broke","startTimestamp":"2026-01-15T09:00:00Z","completionTimestamp":"2026-01-15T09:01:34Z"}}""", ["94s", "DockerBuildFailed", "it broke", "Docker", "https://git.example.com/a.git at main", "ImageStreamTag/a:latest", "Failed"] },
        { """{"apiVersion":"build.openshift.io/v1","kind":"BuildConfig","metadata":{"name":"a"},"spec":{"strategy":{"type":"Source"},"triggers":[{"type":"GitHub"},{"type":"ConfigChange"}],"runPolicy":"Serial"},"status":{"lastVersion":7}}""", ["a-7", "GitHub, ConfigChange", "Serial", "Source"] },
        { """{"apiVersion":"image.openshift.io/v1","kind":"ImageStream","spec":{"tags":[{"name":"latest","from":{"name":"quay.io/a:1"}}]},"status":{"dockerImageRepository":"registry/a","tags":[{"tag":"latest","items":[{"created":"2026-01-15T09:20:00Z","image":"sha256:123"}]}]}}""", ["registry/a", "TAG", "latest", "10m", "sha256:123", "quay.io/a:1"] },
        { """{"apiVersion":"apps.openshift.io/v1","kind":"DeploymentConfig","spec":{"replicas":2,"selector":{"app":"a"},"triggers":[{"type":"ConfigChange"},{"type":"ImageChange","imageChangeParams":{"from":{"name":"a:latest"}}}]},"status":{"latestVersion":4,"readyReplicas":1,"details":{"message":"config change"}}}""", ["config, image a:latest", "config change", "app=a", "1 of 2 ready"] },
        { """{"apiVersion":"tekton.dev/v1","kind":"PipelineRun","spec":{"pipelineRef":{"name":"build"}},"status":{"startTime":"2026-01-15T09:00:00Z","conditions":[{"type":"Succeeded","status":"Unknown","reason":"Running","message":"Tasks Completed: 1"}],"childReferences":[{"kind":"TaskRun","name":"r-1","pipelineTaskName":"clone"}]}}""", ["Running", "build", "30m so far", "clone", "TaskRun"] },
        { """{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","spec":{"source":{"repoURL":"https://git/x","path":"p","targetRevision":"main"},"destination":{"server":"https://k","namespace":"shop"}},"status":{"sync":{"status":"OutOfSync","revision":"8d1"},"health":{"status":"Degraded"},"resources":[{"kind":"Deployment","name":"cart","status":"OutOfSync","health":{"status":"Missing"}}]}}""", ["OutOfSync at 8d1", "Degraded", "https://git/x p at main", "shop in https://k", "cart", "Missing"] },
        { """{"apiVersion":"v1","kind":"Service","spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1","selector":{"app":"a"},"ports":[{"name":"http","port":80,"targetPort":8080,"nodePort":30080}]},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}}""", ["http 80 → 8080 (node 30080)/TCP", "1.2.3.4", "app=a", "10.0.0.1"] },
        { """{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","spec":{"scaleTargetRef":{"kind":"Deployment","name":"catalog"},"minReplicas":2,"maxReplicas":6,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"averageUtilization":70}}}]},"status":{"currentReplicas":3,"desiredReplicas":4,"currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":64}}}]}}""", ["Deployment/catalog", "2 to 6", "3 replicas, wants 4", "cpu", "64%", "70%"] },
        { """{"apiVersion":"v1","kind":"PersistentVolumeClaim","spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"fast","volumeName":"pv-1","resources":{"requests":{"storage":"5Gi"}}},"status":{"phase":"Bound","capacity":{"storage":"10Gi"}}}""", ["10Gi", "5Gi", "ReadWriteOnce", "fast", "pv-1", "Bound"] },
        { """{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","spec":{"ingressClassName":"nginx","tls":[{"hosts":["a.com"],"secretName":"cert"}],"rules":[{"host":"a.com","http":{"paths":[{"path":"/x","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}}""", ["nginx", "a.com (cert)", "/x Prefix", "web:80"] },
        { """{"apiVersion":"batch/v1","kind":"CronJob","spec":{"schedule":"15 2 * * *","timeZone":"UTC","suspend":true,"concurrencyPolicy":"Forbid"},"status":{"lastScheduleTime":"2026-01-15T02:15:00Z"}}""", ["15 2 * * * UTC", "it starts no jobs", "7h15m ago", "Forbid"] },
    };

    [Theory]
    [MemberData(nameof(Objects))]
    public void Of_Kind_TellsWhatMatters(string json, string[] expected)
    {
        var text = Overviewed(json);
        foreach (var part in expected)
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void Of_WrongTypesEverywhere_ShowsWhatItCan(string json, string[] expected)
    {
        Assert.NotEmpty(expected);
        foreach (var value in (string[])["null", "7", "\"x\"", "[]", "[[1]]", "{}", "[{\"a\":null}]"])
        {
            foreach (var member in (string[])["spec", "status"])
            {
                var changed = json.Replace($"\"{member}\":", $"\"{member}\":{value},\"other\":", StringComparison.Ordinal);
                Assert.Contains("Kind", Overviewed(changed), StringComparison.Ordinal);
            }
        }
    }

    private static string Overviewed(string json)
    {
        using var document = JsonDocument.Parse(json);
        ViewNode view = Overview.Of(document.RootElement, Now, TuiLimits.Default);
        var frame = new CellBuffer(200, 60);
        ViewDrawing.Draw(new Canvas(frame), view, Now);
        return Golden.Text(frame);
    }
}
