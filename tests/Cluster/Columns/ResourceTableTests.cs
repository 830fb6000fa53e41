using System.Globalization;
using System.Text.Json;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Tests.Peer;

namespace LazyOC.Cluster.Tests.Columns;

public sealed class ResourceTableTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-01-02T00:00:00Z", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("apps", "deployments", """{"spec":{"replicas":3},"status":{"readyReplicas":2,"updatedReplicas":3,"availableReplicas":2}}""", "READY=2/3 UP-TO-DATE=3 AVAILABLE=2 AGE=24h")]
    [InlineData("apps", "deployments", """{"spec":{"replicas":0},"status":{}}""", "READY=0/0 UP-TO-DATE=0 AVAILABLE=0 AGE=24h")]
    [InlineData("apps", "replicasets", """{"spec":{"replicas":3},"status":{"replicas":2}}""", "DESIRED=3 CURRENT=2 READY=0 AGE=24h")]
    [InlineData("apps", "daemonsets", """{"status":{"desiredNumberScheduled":4,"numberReady":3},"spec":{"template":{"spec":{"nodeSelector":{"os":"linux"}}}}}""", "DESIRED=4 CURRENT=0 READY=3 UP-TO-DATE=0 AVAILABLE=0 NODE SELECTOR=os=linux AGE=24h")]
    [InlineData("", "services", """{"spec":{"type":"NodePort","clusterIP":"10.0.0.1","ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}}""", "TYPE=NodePort CLUSTER-IP=10.0.0.1 EXTERNAL-IP=<none> PORT(S)=80:30080/TCP,53/UDP AGE=24h")]
    [InlineData("", "services", """{"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1"},"status":{"loadBalancer":{}}}""", "TYPE=LoadBalancer CLUSTER-IP=10.0.0.1 EXTERNAL-IP=<pending> PORT(S)=<none> AGE=24h")]
    [InlineData("", "services", """{"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1"},"status":{"loadBalancer":{"ingress":[{"hostname":"lb.example.com"}]}}}""", "TYPE=LoadBalancer CLUSTER-IP=10.0.0.1 EXTERNAL-IP=lb.example.com PORT(S)=<none> AGE=24h")]
    [InlineData("", "secrets", """{"type":"Opaque","data":{"a":"","b":""}}""", "TYPE=Opaque DATA=2 AGE=24h")]
    [InlineData("", "configmaps", """{"data":{"a":""},"binaryData":{"b":""}}""", "DATA=2 AGE=24h")]
    [InlineData("", "nodes", """{"metadata":{"labels":{"node-role.kubernetes.io/worker":"","node-role.kubernetes.io/control-plane":""}},"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1.32.4"}}}""", "STATUS=Ready,SchedulingDisabled ROLES=control-plane,worker AGE=<none> VERSION=v1.32.4")]
    [InlineData("", "events", """{"lastTimestamp":"2026-01-01T23:59:00Z","type":"Warning","reason":"BackOff","involvedObject":{"kind":"Pod","name":"web-1"},"message":" hey\n","count":4}""", "LAST SEEN=60s TYPE=Warning REASON=BackOff OBJECT=pod/web-1 MESSAGE=hey COUNT=4")]
    [InlineData("batch", "jobs", """{"spec":{"completions":3},"status":{"succeeded":3,"startTime":"2026-01-01T00:00:00Z","completionTime":"2026-01-01T00:01:30Z","conditions":[{"type":"Complete","status":"True"}]}}""", "STATUS=Complete COMPLETIONS=3/3 DURATION=90s AGE=24h")]
    [InlineData("batch", "jobs", """{"spec":{},"status":{"startTime":"2026-01-01T23:00:00Z"}}""", "STATUS=Running COMPLETIONS=0/1 DURATION=60m AGE=24h")]
    [InlineData("batch", "cronjobs", """{"spec":{"schedule":"*/5 * * * *","suspend":false},"status":{"active":[{}],"lastScheduleTime":"2026-01-01T23:55:00Z"}}""", "SCHEDULE=*/5 * * * * TIMEZONE=<none> SUSPEND=False ACTIVE=1 LAST SCHEDULE=5m AGE=24h")]
    [InlineData("autoscaling", "horizontalpodautoscalers", """{"spec":{"scaleTargetRef":{"kind":"Deployment","name":"web"},"minReplicas":1,"maxReplicas":5,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}},{"type":"Pods","pods":{"target":{"averageValue":"10"}}}]},"status":{"currentReplicas":2,"currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":45}}}]}}""", "REFERENCE=Deployment/web TARGETS=cpu: 45%/80%, <unknown>/10 MINPODS=1 MAXPODS=5 REPLICAS=2 AGE=24h")]
    [InlineData("", "persistentvolumeclaims", """{"spec":{"volumeName":"pv1","storageClassName":"fast"},"status":{"phase":"Bound","capacity":{"storage":"10Gi"},"accessModes":["ReadWriteOnce","ReadOnlyMany"]}}""", "STATUS=Bound VOLUME=pv1 CAPACITY=10Gi ACCESS MODES=RWO,ROX STORAGECLASS=fast AGE=24h")]
    [InlineData("networking.k8s.io", "ingresses", """{"spec":{"ingressClassName":"nginx","rules":[{"host":"a.example.com"},{"host":"b.example.com"}],"tls":[{}]},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}}""", "CLASS=nginx HOSTS=a.example.com,b.example.com ADDRESS=1.2.3.4 PORTS=80, 443 AGE=24h")]
    [InlineData("route.openshift.io", "routes", """{"spec":{"host":"web.apps.example.com","to":{"name":"web"},"port":{"targetPort":8080},"tls":{"termination":"edge","insecureEdgeTerminationPolicy":"Redirect"},"wildcardPolicy":"None"}}""", "HOST/PORT=web.apps.example.com PATH=<none> SERVICES=web PORT=8080 TERMINATION=edge/Redirect WILDCARD=None AGE=24h")]
    [InlineData("build.openshift.io", "builds", """{"spec":{"strategy":{"type":"Source"},"source":{"type":"Git","git":{"uri":"x"}},"revision":{"git":{"commit":"0123456789abcdef0123456789abcdef01234567"}}},"status":{"phase":"Failed","reason":"GenericBuildFailed","startTimestamp":"2026-01-01T23:00:00Z","completionTimestamp":"2026-01-01T23:03:00Z"}}""", "TYPE=Source FROM=Git@0123456 STATUS=Failed (GenericBuildFailed) STARTED=60m DURATION=3m")]
    [InlineData("apps.openshift.io", "deploymentconfigs", """{"spec":{"replicas":2,"triggers":[{"type":"ConfigChange"},{"type":"ImageChange","imageChangeParams":{"from":{"name":"web:latest"}}}]},"status":{"latestVersion":4,"replicas":2}}""", "REVISION=4 DESIRED=2 CURRENT=2 TRIGGERED BY=config,image(web:latest) AGE=24h")]
    [InlineData("project.openshift.io", "projects", """{"metadata":{"annotations":{"openshift.io/display-name":"The Shop"}},"status":{"phase":"Active"}}""", "DISPLAY NAME=The Shop STATUS=Active AGE=<none>")]
    [InlineData("example.com", "unknowns", "{}", "AGE=24h")]
    public void BuiltIn_Object_PrintsLikeKubectl(string group, string plural, string json, string expected)
    {
        var text = json.Contains("\"metadata\"", StringComparison.Ordinal) ? json : $"{{\"metadata\":{{\"creationTimestamp\":\"2026-01-01T00:00:00Z\"}},{json[1..]}".Replace("},}", "}}", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(text);

        var shown = ResourceTable.BuiltIn(Kinds.Of(group, plural, plural)).Where(c => !c.IsWide).Select(c => $"{c.Title}={c.Project(document.RootElement).Display(c.Type, Now)}");

        Assert.Equal(expected, string.Join(' ', shown));
    }

    [Fact]
    public void BuiltIn_AnyKindWithHostileShapes_NeverThrows()
    {
        string[] hostile = ["null", "[]", "7", "{}", """{"spec":[],"status":"x","metadata":[1]}""", """{"spec":{"containers":{},"ports":[1,null,"x"],"rules":[[]],"metrics":[{"type":""},{"type":7}],"triggers":[3]},"status":{"conditions":[null,{"type":1}],"containerStatuses":[null,5,{"state":[]}],"loadBalancer":{"ingress":[0]},"tags":[{"items":[null]}]},"metadata":{"labels":{"a":[]},"creationTimestamp":"never"},"subsets":[{"addresses":[1],"ports":[2]}]}"""];
        foreach (var kind in ResourceTable.BuiltInNames.Select(n => n.Split('.', 2)).Select(n => Kinds.Of(n.ElementAtOrDefault(1) ?? "", n[0], n[0])))
            foreach (var json in hostile)
            {
                using var document = JsonDocument.Parse(json);
                foreach (var column in ResourceTable.BuiltIn(kind))
                    _ = column.Project(document.RootElement).Display(column.Type, Now);
            }
    }

    [Fact]
    public async Task ColumnsFor_CustomResource_TakesPrinterColumns()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/pipelineruns.tekton.dev", """
            {"spec":{"versions":[{"name":"v1beta1","additionalPrinterColumns":[{"name":"Wrong","type":"string","jsonPath":".x"}]},{"name":"v1","additionalPrinterColumns":[
              {"name":"Succeeded","type":"string","jsonPath":".status.conditions[?(@.type==\"Succeeded\")].status"},
              {"name":"StartTime","type":"date","jsonPath":".status.startTime"},
              {"name":"Steps","type":"integer","jsonPath":".status.steps","priority":1},
              {"name":"Broken","type":"string","jsonPath":".a["}]}]}}
            """);
        await using var client = new ClusterClient(server.Options);
        var kind = Kinds.Of("tekton.dev", "pipelineruns", "PipelineRun");

        var columns = await client.Columns.ColumnsForAsync(kind);
        await client.Columns.ColumnsForAsync(kind);

        using var run = JsonDocument.Parse("""{"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"},"status":{"conditions":[{"type":"Succeeded","status":"True"}],"startTime":"2026-01-01T23:58:00Z","steps":4}}""");
        Assert.Equal("SUCCEEDED=True STARTTIME=2m STEPS=4 AGE=24h", string.Join(' ', columns.Select(c => $"{c.Title}={c.Project(run.RootElement).Display(c.Type, Now)}")));
        Assert.Equal(["Steps".ToUpperInvariant()], columns.Where(c => c.IsWide).Select(c => c.Title));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task ColumnsFor_DefinitionNotReadable_IsAgeAlone()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = new ClusterClient(server.Options);

        Assert.Equal(["AGE"], (await client.Columns.ColumnsForAsync(Kinds.Of("tekton.dev", "tasks", "Task"))).Select(c => c.Title));
    }

    [Theory]
    [InlineData(-5, "<invalid>")]
    [InlineData(-1, "0s")]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(125, "2m5s")]
    [InlineData(600, "10m")]
    [InlineData(3 * 3600, "3h")]
    [InlineData((3 * 3600) + 300, "3h5m")]
    [InlineData(8 * 3600, "8h")]
    [InlineData(47 * 3600, "47h")]
    [InlineData(49 * 3600, "2d1h")]
    [InlineData(8 * 86400, "8d")]
    [InlineData(729 * 86400, "729d")]
    [InlineData(731 * 86400, "2y1d")]
    [InlineData(9L * 365 * 86400, "9y")]
    public void HumanDuration_Seconds_ReadsLikeKubectl(long seconds, string expected) =>
        Assert.Equal(expected, HumanDuration.Format(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("500m", 0.5)]
    [InlineData("2", 2)]
    [InlineData("1.5Gi", 1.5 * 1024 * 1024 * 1024)]
    [InlineData("1e3", 1000)]
    [InlineData("2E", 2e18)]
    [InlineData("3k", 3000)]
    [InlineData("x", double.NaN)]
    [InlineData("", double.NaN)]
    [InlineData("Gi", double.NaN)]
    public void Quantity_Text_HasItsValue(string text, double expected) => Assert.Equal(expected, Quantity.Parse(text));

    [Fact]
    public void Compare_MissingLast_AgesYoungestFirst()
    {
        CellValue[] ages = [CellValue.None, new(null, 1000), new(null, 2000)];
        CellValue[] ready = [CellValue.OfReady(2, 2), CellValue.OfReady(1, 10), CellValue.OfReady(1, 2)];

        Assert.Equal([2000, 1000, double.NaN], ages.Order(Comparer<CellValue>.Create((l, r) => CellValue.Compare(l, r, ColumnType.Age))).Select(v => v.Number));
        Assert.Equal(["1/10", "1/2", "2/2"], ready.Order(Comparer<CellValue>.Create((l, r) => CellValue.Compare(l, r, ColumnType.Ready))).Select(v => v.Text));
    }
}
