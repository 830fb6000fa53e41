using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>
/// The demo: an online bookstore. One pod crash-loops, one image is missing, one build has failed, one rollout is under
/// way, one autoscaler follows a load.
/// </summary>
internal class BookstoreScenario : Scenario
{
    private const string Shop = "bookstore";
    private const int LoadPeriodSteps = 120;

    private readonly Delivery _delivery = new();

    public override void Populate(ControlPlane plane)
    {
        base.Populate(plane);
        plane.Kubelet.BehaviorOf = BehaviorOf;
        DateTimeOffset now = plane.Now;
        At(plane, now.AddDays(-31), AddNamespaces);
        At(plane, now.AddDays(-30), AddDatabases);
        At(plane, now.AddDays(-12), AddShop);
        At(plane, now.AddDays(-9), AddPlatformWorkloads);
        At(plane, now.AddHours(-26), AddDelivery);
        At(plane, now.AddHours(-5), AddRecommendations);
        CrashForHours(plane, now);
        plane.WriteAsOf(now.AddMinutes(-1), () => AddRollout(plane));
        plane.WriteAsOf(now.AddDays(-9), () => AddMonitoring(plane));
        plane.WriteAsOf(now.AddDays(-9), () => VulnerabilityReports.Define(plane));
        plane.WriteAsOf(now.AddHours(-7), () => VulnerabilityReports.Populate(plane, Shop));
        plane.WriteAsOf(now.AddHours(-26), () => AddCarelessness(plane));
        _delivery.Populate(plane, now);
    }

    public override void Step(ControlPlane plane, long step)
    {
        DriveLoad(plane, step);
        _delivery.Step(plane);
        if (step % 20 == 0 && plane.Store.Find(ResourceCatalog.Routes, Shop, "storefront") is { } route)
            EventLog.Record(plane, route, "Normal", "RouteAdmitted", "Route admitted by router default", "router");
    }

    private static PodBehavior BehaviorOf(JsonObject pod) => pod.Text("metadata", "labels", "app") switch
    {
        "recommendations" => PodBehavior.CrashLoop,
        "newsletter" => PodBehavior.ImagePullFailure,
        _ => Kubelet.OrdinaryBehavior(pod),
    };

    /// <summary>Writes history as of a moment, then lets its pods start within the next seconds of it.</summary>
    private static void At(ControlPlane plane, DateTimeOffset time, Action<ControlPlane> write)
    {
        const int StepsToStart = 12;
        plane.WriteAsOf(time, () => write(plane));
        for (int i = 1; i <= StepsToStart; i++)
            plane.WriteAsOf(time.AddSeconds(i * 2), plane.Kubelet.Step);
    }

    private static void AddNamespaces(ControlPlane plane)
    {
        Foundation.AddNamespace(plane, Shop, "Bookstore");
        Foundation.AddNamespace(plane, "bookstore-data", "Bookstore databases");
        Foundation.AddNamespace(plane, "bookstore-ci", "Bookstore builds and delivery");
        foreach (string ns in new[] { Shop, "bookstore-ci" })
            Foundation.Add(plane, $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"developers-view","namespace":"{{ns}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"developer"}]}""");
    }

    private static void AddDatabases(ControlPlane plane)
    {
        const string Data = "bookstore-data";
        AddStateful(plane, Data, "postgres", 3, "registry.redhat.io/rhel9/postgresql-16:9.5", 5432, "500m", "1Gi");
        AddStateful(plane, Data, "redis", 2, "docker.io/library/redis:7.4", 6379, "100m", "256Mi");
        AddStateful(plane, Data, "kafka", 3, "quay.io/strimzi/kafka:0.45.0-kafka-3.9.0", 9092, "500m", "2Gi");
        for (int i = 0; i < 3; i++)
            Foundation.Add(plane, $$"""{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data-postgres-{{i}}","namespace":"{{Data}}","labels":{"app":"postgres"} },"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"50Gi"} },"storageClassName":"gp3-csi","volumeMode":"Filesystem","volumeName":"pvc-{{plane.Names.Uid()}}"},"status":{"phase":"Bound","capacity":{"storage":"50Gi"},"accessModes":["ReadWriteOnce"]} }""");
    }

    private static void AddShop(ControlPlane plane)
    {
        AddService(plane, Shop, "storefront", 3, "quay.io/bookstore/storefront:2.14.1", "100m", "128Mi");
        AddService(plane, Shop, "catalog", 3, "quay.io/bookstore/catalog:5.3.0", "200m", "256Mi");
        AddService(plane, Shop, "cart", 2, "quay.io/bookstore/cart:1.9.2", "100m", "128Mi");
        AddService(plane, Shop, "checkout", 2, "quay.io/bookstore/checkout:3.0.4", "200m", "256Mi");
        AddService(plane, Shop, "search", 2, "quay.io/bookstore/search:4.1.0", "300m", "512Mi");
        AddService(plane, Shop, "newsletter", 1, "quay.io/bookstore/newsletter:0.9.0-rc7", "50m", "64Mi");
        Foundation.Add(plane, $$"""{"apiVersion":"route.openshift.io/v1","kind":"Route","metadata":{"name":"storefront","namespace":"{{Shop}}","labels":{"app":"storefront"} },"spec":{"host":"storefront-bookstore.apps.example.com","to":{"kind":"Service","name":"storefront","weight":100},"port":{"targetPort":"http"},"tls":{"termination":"edge","insecureEdgeTerminationPolicy":"Redirect"},"wildcardPolicy":"None"},"status":{"ingress":[{"host":"storefront-bookstore.apps.example.com","routerName":"default","conditions":[{"type":"Admitted","status":"True"}]}]} }""");
        Foundation.Add(plane, $$"""{"apiVersion":"route.openshift.io/v1","kind":"Route","metadata":{"name":"api","namespace":"{{Shop}}","labels":{"app":"catalog"} },"spec":{"host":"api-bookstore.apps.example.com","path":"/api","to":{"kind":"Service","name":"catalog","weight":100},"port":{"targetPort":"http"},"tls":{"termination":"reencrypt"},"wildcardPolicy":"None"} }""");
        Foundation.Add(plane, $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"shop-settings","namespace":"{{Shop}}"},"data":{"CURRENCY":"EUR","FEATURES":"wishlist,gift-cards","catalog.yaml":"pageSize: 48\nlanguages: [en, de, fr]\n"} }""");
        Foundation.Add(plane, $$"""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"payment-gateway","namespace":"{{Shop}}"},"type":"Opaque","stringData":{"api-key":"simulated-not-a-secret"} }""");
        Foundation.Add(plane, $$"""{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"catalog","namespace":"{{Shop}}"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"catalog"},"minReplicas":2,"maxReplicas":6,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70} } }]},"status":{"currentReplicas":3,"desiredReplicas":3,"currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":64,"averageValue":"128m"} } }]} }""");
        Foundation.Add(plane, $$"""{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"checkout","namespace":"{{Shop}}"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"checkout"} } },"status":{"disruptionsAllowed":1,"currentHealthy":2,"desiredHealthy":1,"expectedPods":2} }""");
        Foundation.Add(plane, $$"""{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"nightly-invoices","namespace":"{{Shop}}"},"spec":{"schedule":"15 2 * * *","suspend":false,"jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"invoices","image":"quay.io/bookstore/invoices:1.2.0"}]} } } } },"status":{"lastScheduleTime":"{{plane.Timestamp}}"} }""");
    }

    private static void AddPlatformWorkloads(ControlPlane plane)
    {
        AddDaemon(plane, "openshift-monitoring", "node-exporter", "quay.io/openshift/node-exporter:4.18", """
            "hostNetwork":true,"hostPID":true,"volumes":[{"name":"root","hostPath":{"path":"/"} }],
            """);
        AddDaemon(plane, "openshift-ingress", "router-default", "quay.io/openshift/haproxy-router:4.18");
        AddService(plane, "openshift-monitoring", "prometheus-adapter", 2, "quay.io/openshift/prometheus-adapter:4.18", "50m", "128Mi");
        AddService(plane, "openshift-monitoring", "alertmanager", 2, "quay.io/openshift/alertmanager:4.18", "50m", "64Mi");
        AddDaemon(plane, "kube-system", "node-resolver", "quay.io/openshift/cli:4.18");
    }

    /// <summary>The Prometheus that <see cref="PrometheusResponder"/> is.</summary>
    private static void AddMonitoring(ControlPlane plane) =>
        Foundation.Add(plane, $$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{PrometheusResponder.Service}}","namespace":"{{PrometheusResponder.Namespace}}","labels":{"app.kubernetes.io/name":"prometheus"} },"spec":{"clusterIP":"None","ports":[{"name":"web","port":9090,"targetPort":"web"}]} }""");

    /// <summary>Rights that somebody gave in a hurry.</summary>
    private static void AddCarelessness(ControlPlane plane)
    {
        Foundation.Add(plane, """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"ci-deployer"},"rules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}]}""");
        Foundation.Add(plane, """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"ci-deployer"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"ci-deployer"},"subjects":[{"kind":"ServiceAccount","name":"pipeline","namespace":"bookstore-ci"}]}""");
    }

    private static void AddDelivery(ControlPlane plane)
    {
        const string Ci = Delivery.Namespace;
        string now = plane.Timestamp;
        AddBuildConfig(plane, "storefront", 7);
        AddBuildConfig(plane, "catalog", 12);
        AddBuild(plane, "storefront", 6, "Complete", null, hoursBefore: 1);
        AddBuild(plane, "storefront", 7, "Failed", "DockerBuildFailed");
        AddBuild(plane, "catalog", 12, "Complete", null);
        foreach (string name in new[] { "storefront", "catalog" })
            Foundation.Add(plane, $$"""{"apiVersion":"image.openshift.io/v1","kind":"ImageStream","metadata":{"name":"{{name}}","namespace":"{{Ci}}"},"spec":{"lookupPolicy":{"local":false} },"status":{"dockerImageRepository":"image-registry.openshift-image-registry.svc:5000/{{Ci}}/{{name}}","tags":[{"tag":"latest","items":[{"created":"{{now}}","generation":1,"image":"sha256:{{plane.Names.Suffix(12)}}"}]}]} }""");
        Foundation.Add(plane, $$"""{"apiVersion":"apps.openshift.io/v1","kind":"DeploymentConfig","metadata":{"name":"legacy-reports","namespace":"{{Ci}}","labels":{"app":"legacy-reports"} },"spec":{"replicas":1,"selector":{"app":"legacy-reports"},"triggers":[{"type":"ConfigChange"}],"template":{{Template("legacy-reports", "quay.io/bookstore/reports:1.0.3", 8080, "50m", "128Mi")}} },"status":{"latestVersion":4} }""");
        Foundation.Add(plane, $$"""{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"import-catalogue","namespace":"{{Ci}}","labels":{"app":"import-catalogue"} },"spec":{"completions":3,"parallelism":3,"selector":{"matchLabels":{"job-name":"import-catalogue"} },"template":{"metadata":{"labels":{"app":"import-catalogue","job-name":"import-catalogue"} },"spec":{"restartPolicy":"Never","containers":[{"name":"import","image":"quay.io/bookstore/importer:2.2.0"}]} } } }""");
        AddPipelineRun(plane, "storefront-build-x7k2p");
        AddPipelineRun(plane, "catalog-build-m4q9d");
        Foundation.Add(plane, $$"""{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"bookstore","namespace":"{{Ci}}"},"spec":{"project":"default","source":{"repoURL":"https://git.example.com/bookstore/deploy.git","path":"overlays/production","targetRevision":"main"},"destination":{"server":"https://kubernetes.default.svc","namespace":"{{Shop}}"} },"status":{"sync":{"status":"OutOfSync","revision":"8d1f0c2"},"health":{"status":"Degraded"} } }""");
    }

    private static void AddRecommendations(ControlPlane plane)
    {
        AddService(plane, Shop, "recommendations", 1, "quay.io/bookstore/recommendations:7.0.2", "250m", "512Mi");
    }

    /// <summary>Five hours of crashing: the last crash happens, the ones before it are counted.</summary>
    private static void CrashForHours(ControlPlane plane, DateTimeOffset until)
    {
        const int EarlierRestarts = 41;
        StoredObject Pod() => plane.List(ResourceCatalog.Pods, Shop).First(p => p.Labels.TryGetValue("app", out string? app) && app is "recommendations");
        plane.WriteAsOf(until.AddMinutes(-4), () =>
        {
            StoredObject pod = Pod();
            plane.Mutate(pod, next =>
            {
                JsonObject status = next.Objects("status", "containerStatuses").First();
                status["restartCount"] = EarlierRestarts + 1;
                status["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = JsonTree.Timestamp(until.AddMinutes(-5)) } };
            });
            EventLog.Record(plane, pod, "Warning", "BackOff", $"Back-off restarting failed container recommendations in pod {pod.Name}", "kubelet", "spec.containers{recommendations}", EarlierRestarts);
            plane.Kubelet.Step();
        });
    }

    /// <summary>A rollout that has just begun: its new pods start with the first steps.</summary>
    private static void AddRollout(ControlPlane plane)
    {
        StoredObject search = plane.Get(ResourceCatalog.Deployments, Shop, "search");
        plane.Mutate(search, next => next.At("spec", "template", "spec")!.Objects("containers").First()["image"] = "quay.io/bookstore/search:4.2.0");
    }

    /// <summary>The autoscaler's load rises and falls; replicas follow.</summary>
    private static void DriveLoad(ControlPlane plane, long step)
    {
        const int EverySteps = 5;
        if (step % EverySteps != 0 || plane.Store.Find(ResourceCatalog.Autoscalers, Shop, "catalog") is not { } autoscaler || plane.Store.Find(ResourceCatalog.Deployments, Shop, "catalog") is not { } target)
            return;
        double wave = (1 + Math.Sin(2 * Math.PI * step / LoadPeriodSteps)) / 2;
        int replicas = 2 + (int)Math.Round(4 * wave);
        int utilization = 52 + (int)(30 * wave) + plane.Names.Next(6);
        JsonObject tree = target.Parse();
        if (tree.Integer("spec", "replicas") != replicas)
        {
            EventLog.Record(plane, autoscaler, "Normal", "SuccessfulRescale", string.Create(CultureInfo.InvariantCulture, $"New size: {replicas}; reason: cpu resource utilization (percentage of request) {(replicas > tree.Integer("spec", "replicas") ? "above" : "below")} target"), "horizontal-pod-autoscaler");
            plane.Mutate(target, next => next.Ensure("spec")["replicas"] = replicas);
        }

        plane.Mutate(autoscaler, next =>
        {
            JsonObject status = next.Ensure("status");
            status["currentReplicas"] = replicas;
            status["desiredReplicas"] = replicas;
            status["currentMetrics"] = new JsonArray(JsonTree.Parse($$"""{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":{{utilization}},"averageValue":"{{utilization * 2}}m"} } }"""));
        });
    }

    private static string Template(string app, string image, int port, string cpu, string memory, string more = "") => $$"""
        {"metadata":{"labels":{"app":"{{app}}","app.kubernetes.io/part-of":"bookstore","version":"v1"} },
         "spec":{ {{more}} "serviceAccountName":"default","containers":[{"name":"{{app}}","image":"{{image}}","ports":[{"name":"http","containerPort":{{port}} }],
          "env":[{"name":"LOG_LEVEL","value":"info"}],
          "resources":{"requests":{"cpu":"{{cpu}}","memory":"{{memory}}"},"limits":{"memory":"{{memory}}"} },
          "readinessProbe":{"httpGet":{"path":"/healthz","port":"http"},"periodSeconds":10} }]} }
        """;

    private static void AddService(ControlPlane plane, string ns, string app, int replicas, string image, string cpu, string memory)
    {
        Foundation.Add(plane, $$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{app}}","namespace":"{{ns}}","labels":{"app":"{{app}}"} },"spec":{"replicas":{{replicas}},"selector":{"matchLabels":{"app":"{{app}}"} },"template":{{Template(app, image, 8080, cpu, memory)}} } }""");
        Foundation.Add(plane, $$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{app}}","namespace":"{{ns}}","labels":{"app":"{{app}}"} },"spec":{"selector":{"app":"{{app}}"},"ports":[{"name":"http","port":80,"targetPort":"http"}]} }""");
    }

    private static void AddStateful(ControlPlane plane, string ns, string app, int replicas, string image, int port, string cpu, string memory)
    {
        Foundation.Add(plane, $$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{app}}","namespace":"{{ns}}","labels":{"app":"{{app}}"} },"spec":{"clusterIP":"None","selector":{"app":"{{app}}"},"ports":[{"name":"{{app}}","port":{{port}} }]} }""");
        Foundation.Add(plane, $$"""{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"{{app}}","namespace":"{{ns}}","labels":{"app":"{{app}}"} },"spec":{"replicas":{{replicas}},"serviceName":"{{app}}","selector":{"matchLabels":{"app":"{{app}}"} },"template":{{Template(app, image, port, cpu, memory)}} } }""");
    }

    private static void AddDaemon(ControlPlane plane, string ns, string app, string image, string more = "") =>
        Foundation.Add(plane, $$"""{"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"{{app}}","namespace":"{{ns}}","labels":{"app":"{{app}}"} },"spec":{"selector":{"matchLabels":{"app":"{{app}}"} },"template":{{Template(app, image, 9100, "20m", "64Mi", more)}} } }""");

    private static void AddBuildConfig(ControlPlane plane, string name, int lastVersion) =>
        Foundation.Add(plane, $$"""{"apiVersion":"build.openshift.io/v1","kind":"BuildConfig","metadata":{"name":"{{name}}","namespace":"bookstore-ci"},"spec":{{BuildSpec(name)}},"status":{"lastVersion":{{lastVersion}} } }""");

    private static string BuildSpec(string name) =>
        $$"""{"source":{"type":"Git","git":{"uri":"https://git.example.com/bookstore/{{name}}.git","ref":"main"} },"strategy":{"type":"Docker","dockerStrategy":{} },"output":{"to":{"kind":"ImageStreamTag","name":"{{name}}:latest"} } }""";

    private static void AddBuild(ControlPlane plane, string config, int number, string phase, string? reason, int hoursBefore = 0)
    {
        string started = JsonTree.Timestamp(plane.Now.AddHours(-hoursBefore));
        string ended = JsonTree.Timestamp(plane.Now.AddHours(-hoursBefore).AddSeconds(94));
        string why = reason is null ? "" : $$"""
            "reason":"{{reason}}","message":"Dockerfile build strategy has failed.",
            """;
        StoredObject owner = plane.Get(ResourceCatalog.BuildConfigs, "bookstore-ci", config);
        Foundation.Add(plane, $$"""{"apiVersion":"build.openshift.io/v1","kind":"Build","metadata":{"name":"{{config}}-{{number}}","namespace":"bookstore-ci","labels":{"buildconfig":"{{config}}"},"ownerReferences":[{{PodTemplate.OwnerReference(owner).ToJsonString()}}]},"spec":{{BuildSpec(config)}},"status":{"phase":"{{phase}}",{{why}}"startTimestamp":"{{started}}","completionTimestamp":"{{ended}}","config":{"kind":"BuildConfig","namespace":"bookstore-ci","name":"{{config}}"} } }""");
    }

    private static void AddPipelineRun(ControlPlane plane, string name) =>
        Foundation.Add(plane, $$"""{"apiVersion":"tekton.dev/v1","kind":"PipelineRun","metadata":{"name":"{{name}}","namespace":"{{Delivery.Namespace}}","labels":{"tekton.dev/pipeline":"build-and-push"} },"spec":{"pipelineRef":{"name":"build-and-push"} },"status":{"startTime":"{{plane.Timestamp}}"} }""");
}
