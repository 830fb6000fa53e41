using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>What every simulated OpenShift cluster has: nodes, system namespaces, users, roles, version, and two CRDs.</summary>
internal static class Foundation
{
    private const string OpenShiftVersion = "4.18.9";

    private static readonly string[] SystemNamespaces = ["default", "kube-system", "openshift-monitoring", "openshift-ingress"];

    public static void Populate(ControlPlane plane)
    {
        plane.WriteAsOf(plane.Now.AddDays(-94), () =>
        {
            for (int i = 0; i < 3; i++)
                AddNode(plane, i);
            foreach (string ns in SystemNamespaces)
                AddNamespace(plane, ns);
            AddAccess(plane);
            AddPlatform(plane);
            AddCustomResources(plane);
        });
    }

    public static StoredObject Add(ControlPlane plane, string json)
    {
        JsonObject tree = JsonTree.Parse(json);
        ResourceDefinition resource = plane.Catalog.FindKind(tree.Text("apiVersion")!, tree.Text("kind")!)
            ?? throw new InvalidOperationException($"the scenario has a {tree.Text("apiVersion")} {tree.Text("kind")}, which is not served");
        return plane.Create(resource, tree);
    }

    public static void AddNamespace(ControlPlane plane, string name, string displayName = "")
    {
        string annotations = displayName.Length == 0 ? "{}" : $$"""{"openshift.io/display-name":"{{displayName}}","openshift.io/requester":"developer"}""";
        Add(plane, $$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{name}}","annotations":{{annotations}} } }""");
        Add(plane, $$"""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default","namespace":"{{name}}"} }""");
        Add(plane, $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"kube-root-ca.crt","namespace":"{{name}}"},"data":{"ca.crt":"-----BEGIN CERTIFICATE-----\nsimulated\n-----END CERTIFICATE-----\n"} }""");
    }

    private static void AddNode(ControlPlane plane, int index)
    {
        string name = index == 0 ? "control-0" : string.Create(CultureInfo.InvariantCulture, $"worker-{index - 1}");
        string roles = index == 0 ? "\"node-role.kubernetes.io/master\":\"\",\"node-role.kubernetes.io/control-plane\":\"\",\"node-role.kubernetes.io/worker\":\"\"" : "\"node-role.kubernetes.io/worker\":\"\"";
        string resources = """{"cpu":"8","memory":"32Gi","pods":"250","ephemeral-storage":"120Gi"}""";
        string now = plane.Timestamp;
        string Condition(string type, string status, string reason, string message) =>
            $$"""{"type":"{{type}}","status":"{{status}}","reason":"{{reason}}","message":"{{message}}","lastHeartbeatTime":"{{now}}","lastTransitionTime":"{{now}}"}""";
        Add(plane, $$"""
            {"apiVersion":"v1","kind":"Node",
             "metadata":{"name":"{{name}}","labels":{"kubernetes.io/hostname":"{{name}}","kubernetes.io/os":"linux","kubernetes.io/arch":"amd64","topology.kubernetes.io/zone":"zone-{{index}}","node.kubernetes.io/instance-type":"m6i.2xlarge",{{roles}} } },
             "spec":{"providerID":"simulated:///{{name}}"},
             "status":{"capacity":{{resources}},"allocatable":{{resources}},
              "conditions":[{{Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available")}},{{Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure")}},{{Condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available")}},{{Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")}}],
              "addresses":[{"type":"InternalIP","address":"10.0.128.{{10 + index}}"},{"type":"Hostname","address":"{{name}}"}],
              "nodeInfo":{"machineID":"","systemUUID":"","bootID":"","kernelVersion":"5.14.0-427.50.1.el9_4.x86_64","osImage":"Red Hat Enterprise Linux CoreOS 418.94","containerRuntimeVersion":"cri-o://1.31.6","kubeletVersion":"v1.31.7","kubeProxyVersion":"v1.31.7","operatingSystem":"linux","architecture":"amd64"},
              "daemonEndpoints":{"kubeletEndpoint":{"Port":10250} } } }
            """);
    }

    private static void AddAccess(ControlPlane plane)
    {
        foreach (string user in new[] { "kubeadmin", "developer" })
            Add(plane, $$"""{"apiVersion":"user.openshift.io/v1","kind":"User","metadata":{"name":"{{user}}"},"fullName":"","identities":["htpasswd:{{user}}"],"groups":null}""");
        Add(plane, """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"cluster-admin"},"rules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}]}""");
        Add(plane, """
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"view"},
             "rules":[{"verbs":["get","list","watch"],"apiGroups":["","apps","batch","autoscaling","networking.k8s.io","route.openshift.io","build.openshift.io","image.openshift.io","apps.openshift.io","metrics.k8s.io","discovery.k8s.io","tekton.dev","argoproj.io"],
              "resources":["pods","pods/log","pods/status","services","endpoints","endpointslices","configmaps","events","serviceaccounts","persistentvolumeclaims","namespaces","deployments","deployments/scale","replicasets","statefulsets","daemonsets","jobs","cronjobs","horizontalpodautoscalers","ingresses","routes","builds","builds/log","buildconfigs","imagestreams","deploymentconfigs","pipelineruns","taskruns","applications"]}]}
            """);
        Add(plane, """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"cluster-admins"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},"subjects":[{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"system:cluster-admins"}]}""");
        Add(plane, """{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"gp3-csi","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"ebs.csi.aws.com","reclaimPolicy":"Delete","volumeBindingMode":"WaitForFirstConsumer","allowVolumeExpansion":true}""");
    }

    private static void AddPlatform(ControlPlane plane)
    {
        string now = plane.Timestamp;
        string conditions = $$"""[{"type":"Available","status":"True","lastTransitionTime":"{{now}}"},{"type":"Progressing","status":"False","lastTransitionTime":"{{now}}","message":"Cluster version is {{OpenShiftVersion}}"},{"type":"Degraded","status":"False","lastTransitionTime":"{{now}}"}]""";
        Add(plane, $$"""{"apiVersion":"config.openshift.io/v1","kind":"ClusterVersion","metadata":{"name":"version"},"spec":{"channel":"stable-4.18","clusterID":"{{plane.Names.Uid()}}"},"status":{"desired":{"version":"{{OpenShiftVersion}}"},"history":[{"state":"Completed","version":"{{OpenShiftVersion}}","startedTime":"{{now}}","completionTime":"{{now}}"}],"conditions":{{conditions}} } }""");
        foreach (string name in new[] { "authentication", "console", "image-registry", "ingress", "monitoring" })
            Add(plane, $$"""{"apiVersion":"config.openshift.io/v1","kind":"ClusterOperator","metadata":{"name":"{{name}}"},"spec":{},"status":{"versions":[{"name":"operator","version":"{{OpenShiftVersion}}"}],"conditions":{{conditions}} } }""");
        Add(plane, """{"apiVersion":"v1","kind":"Service","metadata":{"name":"kubernetes","namespace":"default","labels":{"component":"apiserver","provider":"kubernetes"}},"spec":{"clusterIP":"172.30.0.1","ports":[{"name":"https","port":443,"targetPort":6443}]}}""");
    }

    private static void AddCustomResources(ControlPlane plane)
    {
        Add(plane, """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"pipelineruns.tekton.dev"},
             "spec":{"group":"tekton.dev","scope":"Namespaced","names":{"plural":"pipelineruns","singular":"pipelinerun","kind":"PipelineRun","shortNames":["pr","prs"],"categories":["tekton"]},
              "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},
               "schema":{"openAPIV3Schema":{"type":"object","description":"One execution of a pipeline.","x-kubernetes-preserve-unknown-fields":true}},
               "additionalPrinterColumns":[{"name":"Succeeded","type":"string","jsonPath":".status.conditions[?(@.type==\"Succeeded\")].status"},{"name":"Reason","type":"string","jsonPath":".status.conditions[?(@.type==\"Succeeded\")].reason"},{"name":"StartTime","type":"date","jsonPath":".status.startTime"},{"name":"CompletionTime","type":"date","jsonPath":".status.completionTime"}]}]}}
            """);
        Add(plane, $$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"applications.argoproj.io"},
             "spec":{"group":"argoproj.io","scope":"Namespaced","names":{"plural":"applications","singular":"application","kind":"Application","shortNames":["app","apps"]},
              "versions":[{"name":"v1alpha1","served":true,"storage":true,"subresources":{},
               "schema":{"openAPIV3Schema":{{ApplicationSchema.Json}} },
               "additionalPrinterColumns":[{"name":"Sync Status","type":"string","jsonPath":".status.sync.status"},{"name":"Health Status","type":"string","jsonPath":".status.health.status"},{"name":"Revision","type":"string","jsonPath":".status.sync.revision","priority":10},{"name":"Project","type":"string","jsonPath":".spec.project","priority":10}]}]} }
            """);
    }
}
