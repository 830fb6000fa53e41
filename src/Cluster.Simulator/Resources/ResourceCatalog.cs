using System.Collections.Immutable;
using LazyOC.Cluster.Simulator.Printing;

namespace LazyOC.Cluster.Simulator.Resources;

/// <summary>The table of served resources: the built-in rows, and those that CustomResourceDefinition objects add. Reads are thread safe.</summary>
internal sealed class ResourceCatalog
{
    private const string ReadOnlyVerbs = "get list";

    private ImmutableArray<ResourceDefinition> _all = BuiltIn;

    /// <summary>Every served resource, in discovery order.</summary>
    public ImmutableArray<ResourceDefinition> All => _all;

    public static readonly ResourceDefinition Pods = Define("v1", "Pod", "pods", "po", columns: PodColumns.All, sub: "status log eviction exec portforward attach", categories: "all");
    public static readonly ResourceDefinition Nodes = Define("v1", "Node", "nodes", "no", namespaced: false, columns: ClusterColumns.Node, sub: "status");
    public static readonly ResourceDefinition Namespaces = Define("v1", "Namespace", "namespaces", "ns", namespaced: false, columns: ClusterColumns.Namespace, sub: "status finalize");
    public static readonly ResourceDefinition Events = Define("v1", "Event", "events", "ev", columns: ClusterColumns.Event);
    public static readonly ResourceDefinition Services = Define("v1", "Service", "services", "svc", columns: NetworkColumns.Service, sub: "status proxy", categories: "all");
    public static readonly ResourceDefinition Endpoints = Define("v1", "Endpoints", "endpoints", "ep", columns: NetworkColumns.Endpoints);
    public static readonly ResourceDefinition Deployments = Define("apps/v1", "Deployment", "deployments", "deploy", columns: WorkloadColumns.Deployment, sub: "status scale", scale: ScalePaths.Workload, categories: "all");
    public static readonly ResourceDefinition ReplicaSets = Define("apps/v1", "ReplicaSet", "replicasets", "rs", columns: WorkloadColumns.ReplicaSet, sub: "status scale", scale: ScalePaths.Workload, categories: "all");
    public static readonly ResourceDefinition StatefulSets = Define("apps/v1", "StatefulSet", "statefulsets", "sts", columns: WorkloadColumns.StatefulSet, sub: "status scale", scale: ScalePaths.Workload, categories: "all");
    public static readonly ResourceDefinition DaemonSets = Define("apps/v1", "DaemonSet", "daemonsets", "ds", columns: WorkloadColumns.DaemonSet, sub: "status", categories: "all");
    public static readonly ResourceDefinition Jobs = Define("batch/v1", "Job", "jobs", columns: WorkloadColumns.Job, sub: "status", categories: "all");
    public static readonly ResourceDefinition CronJobs = Define("batch/v1", "CronJob", "cronjobs", "cj", columns: WorkloadColumns.CronJob, sub: "status", categories: "all");
    public static readonly ResourceDefinition Autoscalers = Define("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa", columns: WorkloadColumns.Autoscaler, sub: "status", categories: "all");
    public static readonly ResourceDefinition EndpointSlices = Define("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", columns: NetworkColumns.EndpointSlice);
    public static readonly ResourceDefinition CustomResourceDefinitions = Define("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", "crd crds", namespaced: false, columns: ClusterColumns.CustomResourceDefinition, sub: "status");
    public static readonly ResourceDefinition Roles = Define("rbac.authorization.k8s.io/v1", "Role", "roles", columns: ClusterColumns.CreatedAt);
    public static readonly ResourceDefinition RoleBindings = Define("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", columns: ClusterColumns.RoleBinding);
    public static readonly ResourceDefinition ClusterRoles = Define("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", namespaced: false, columns: ClusterColumns.CreatedAt);
    public static readonly ResourceDefinition ClusterRoleBindings = Define("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", namespaced: false, columns: ClusterColumns.RoleBinding);
    public static readonly ResourceDefinition PodMetrics = Define("metrics.k8s.io/v1beta1", "PodMetrics", "pods", verbs: ReadOnlyVerbs, columns: ClusterColumns.PodMetrics);
    public static readonly ResourceDefinition NodeMetrics = Define("metrics.k8s.io/v1beta1", "NodeMetrics", "nodes", namespaced: false, verbs: ReadOnlyVerbs, columns: ClusterColumns.NodeMetrics);
    public static readonly ResourceDefinition AccessReviews = Define("authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", namespaced: false, verbs: "create");
    public static readonly ResourceDefinition RulesReviews = Define("authorization.k8s.io/v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", namespaced: false, verbs: "create");
    public static readonly ResourceDefinition SubjectReviews = Define("authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", namespaced: false, verbs: "create");
    public static readonly ResourceDefinition Projects = Define("project.openshift.io/v1", "Project", "projects", namespaced: false, columns: OpenShiftColumns.Project);
    public static readonly ResourceDefinition ProjectRequests = Define("project.openshift.io/v1", "ProjectRequest", "projectrequests", namespaced: false, verbs: "create");
    public static readonly ResourceDefinition Users = Define("user.openshift.io/v1", "User", "users", namespaced: false, columns: OpenShiftColumns.User);
    public static readonly ResourceDefinition Routes = Define("route.openshift.io/v1", "Route", "routes", columns: OpenShiftColumns.Route, sub: "status", categories: "all");
    public static readonly ResourceDefinition Builds = Define("build.openshift.io/v1", "Build", "builds", columns: OpenShiftColumns.Build, sub: "log", categories: "all");
    public static readonly ResourceDefinition BuildConfigs = Define("build.openshift.io/v1", "BuildConfig", "buildconfigs", "bc", columns: OpenShiftColumns.BuildConfig, sub: "instantiate", categories: "all");
    public static readonly ResourceDefinition ImageStreams = Define("image.openshift.io/v1", "ImageStream", "imagestreams", "is", columns: OpenShiftColumns.ImageStream, sub: "status", categories: "all");
    public static readonly ResourceDefinition DeploymentConfigs = Define("apps.openshift.io/v1", "DeploymentConfig", "deploymentconfigs", "dc", columns: OpenShiftColumns.DeploymentConfig, sub: "status scale instantiate", scale: ScalePaths.Workload, categories: "all");

    private static readonly ImmutableArray<ResourceDefinition> BuiltIn =
    [
        Define("v1", "ConfigMap", "configmaps", "cm", columns: ClusterColumns.ConfigMap),
        Endpoints,
        Events,
        Define("v1", "LimitRange", "limitranges", "limits", columns: ClusterColumns.CreatedAt),
        Namespaces,
        Nodes,
        Define("v1", "PersistentVolumeClaim", "persistentvolumeclaims", "pvc", columns: ClusterColumns.Claim, sub: "status"),
        Define("v1", "PersistentVolume", "persistentvolumes", "pv", namespaced: false, columns: ClusterColumns.Volume, sub: "status"),
        Pods,
        Define("v1", "ReplicationController", "replicationcontrollers", "rc", columns: WorkloadColumns.ReplicaSet, sub: "status scale", scale: ScalePaths.Workload, categories: "all"),
        Define("v1", "ResourceQuota", "resourcequotas", "quota", sub: "status"),
        Define("v1", "Secret", "secrets", columns: ClusterColumns.Secret),
        Define("v1", "ServiceAccount", "serviceaccounts", "sa", columns: ClusterColumns.ServiceAccount),
        Services,
        Define("apps/v1", "ControllerRevision", "controllerrevisions"),
        DaemonSets,
        Deployments,
        ReplicaSets,
        StatefulSets,
        Autoscalers,
        CronJobs,
        Jobs,
        Define("networking.k8s.io/v1", "IngressClass", "ingressclasses", namespaced: false),
        Define("networking.k8s.io/v1", "Ingress", "ingresses", "ing", columns: NetworkColumns.Ingress, sub: "status"),
        Define("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", "netpol", columns: NetworkColumns.Policy),
        Define("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb", columns: WorkloadColumns.DisruptionBudget, sub: "status"),
        ClusterRoleBindings,
        ClusterRoles,
        RoleBindings,
        Roles,
        Define("storage.k8s.io/v1", "StorageClass", "storageclasses", "sc", namespaced: false, columns: ClusterColumns.StorageClass),
        Define("coordination.k8s.io/v1", "Lease", "leases", columns: ClusterColumns.Lease),
        EndpointSlices,
        Define("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", "pc", namespaced: false, columns: ClusterColumns.PriorityClass),
        AccessReviews,
        RulesReviews,
        SubjectReviews,
        CustomResourceDefinitions,
        NodeMetrics,
        PodMetrics,
        DeploymentConfigs,
        BuildConfigs,
        Builds,
        Define("config.openshift.io/v1", "ClusterOperator", "clusteroperators", "co", namespaced: false, columns: OpenShiftColumns.ClusterOperator, sub: "status"),
        Define("config.openshift.io/v1", "ClusterVersion", "clusterversions", namespaced: false, columns: OpenShiftColumns.ClusterVersion, sub: "status"),
        ImageStreams,
        ProjectRequests,
        Projects,
        Routes,
        Define("user.openshift.io/v1", "Group", "groups", namespaced: false),
        Users,
    ];

    public ResourceDefinition? Find(string group, string version, string plural)
    {
        foreach (ResourceDefinition resource in _all)
        {
            if (Is(resource.Plural, plural) && Is(resource.Group, group) && Is(resource.Version, version))
                return resource;
        }

        return null;
    }

    public ResourceDefinition? FindKind(string apiVersion, string kind)
    {
        foreach (ResourceDefinition resource in _all)
        {
            if (Is(resource.Kind, kind) && Is(resource.ApiVersion, apiVersion))
                return resource;
        }

        return null;
    }

    /// <summary>Starts, or with a null definition stops, serving a custom resource.</summary>
    public void SetCustom(string group, string plural, ResourceDefinition? definition)
    {
        ImmutableArray<ResourceDefinition> others = _all.RemoveAll(r => Is(r.Group, group) && Is(r.Plural, plural));
        ImmutableInterlocked.InterlockedExchange(ref _all, definition is null ? others : others.Add(definition));
    }

    private static bool Is(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private static ResourceDefinition Define(
        string apiVersion,
        string kind,
        string plural,
        string shortNames = "",
        bool namespaced = true,
        ImmutableArray<PrinterColumn> columns = default,
        string sub = "",
        ScalePaths? scale = null,
        string? verbs = null,
        string categories = "")
    {
        string[] parts = apiVersion.Split('/');
        (string group, string version) = parts.Length == 2 ? (parts[0], parts[1]) : ("", parts[0]);
        return new ResourceDefinition
        {
            Group = group,
            Version = version,
            Kind = kind,
            Plural = plural,
            Singular = kind.ToLowerInvariant(),
            Namespaced = namespaced,
            ShortNames = Words(shortNames),
            Categories = Words(categories),
            Columns = columns.IsDefault ? PrinterColumn.NameAndAge : columns,
            Verbs = verbs is null ? ResourceDefinition.AllVerbs : Words(verbs),
            Scale = scale,
            Subresources = [.. Words(sub).Select(name => DefineSubresource(name, group, version, kind))],
        };
    }

    internal static Subresource DefineSubresource(string name, string group, string version, string kind) => name switch
    {
        "scale" => new Subresource("scale", "autoscaling", "v1", "Scale", ["get", "patch", "update"]),
        "eviction" => new Subresource("eviction", "policy", "v1", "Eviction", ["create"]),
        "log" => new Subresource("log", group, version, kind is "Build" ? "BuildLog" : kind, ["get"]),
        "exec" or "attach" or "portforward" => new Subresource(name, group, version, $"Pod{char.ToUpperInvariant(name[0])}{name[1..]}Options", ["create", "get"]),
        "proxy" => new Subresource("proxy", group, version, "ServiceProxyOptions", ["create", "delete", "get", "patch", "update"]),
        "finalize" => new Subresource("finalize", group, version, kind, ["update"]),
        "instantiate" => new Subresource("instantiate", group, version, kind is "BuildConfig" ? "BuildRequest" : "DeploymentRequest", ["create"]),
        _ => new Subresource(name, group, version, kind, ["get", "patch", "update"]),
    };

    private static ImmutableArray<string> Words(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
