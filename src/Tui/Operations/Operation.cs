using LazyOC.Cluster.Discovery;

namespace LazyOC.Tui.Operations;

/// <summary>What the host itself does with objects.</summary>
internal enum Operation
{
    Delete,

    /// <summary>Replaces the pods of a workload one after the other.</summary>
    Restart,

    /// <summary>Sets the replicas of a workload.</summary>
    Scale,

    /// <summary>Starts a build.</summary>
    StartBuild,

    /// <summary>Replaces an object by what the user wrote.</summary>
    Edit,
}

/// <summary>What each operation needs: a kind that has it, and a right.</summary>
internal static class OperationRules
{
    /// <summary>Whether objects of a kind can have it done to them at all.</summary>
    public static bool Fits(this Operation operation, ResourceKind kind) => operation switch
    {
        Operation.Delete => kind.Supports("delete"),
        Operation.Restart => (kind.Group, kind.Kind) is ("apps", "Deployment" or "StatefulSet" or "DaemonSet") or ("apps.openshift.io", "DeploymentConfig"),
        Operation.Edit => kind.Supports("update"),
        Operation.Scale => kind.Subresources.Contains("scale", StringComparer.Ordinal),
        _ => (kind.Group, kind.Kind) is ("build.openshift.io", "BuildConfig"),
    };

    /// <summary>The RBAC verb and subresource that it takes.</summary>
    public static (string Verb, string? Subresource) Right(this Operation operation, ResourceKind kind) => operation switch
    {
        Operation.Delete => ("delete", null),
        Operation.Restart when kind.Kind != "DeploymentConfig" => ("patch", null),
        Operation.Scale => ("patch", "scale"),
        Operation.Edit => ("update", null),
        _ => ("create", "instantiate"),
    };

    /// <summary>The word on its button.</summary>
    public static string Word(this Operation operation) => operation == Operation.StartBuild ? "Start build" : operation.ToString();

    /// <summary>What was done, for a notice.</summary>
    public static string Done(this Operation operation) => operation switch
    {
        Operation.Delete => "Deleted",
        Operation.Restart => "Restarted",
        Operation.Scale => "Scaled",
        Operation.Edit => "Updated",
        _ => "Started a build of",
    };

    /// <summary>What is under way, for a notice.</summary>
    public static string Doing(this Operation operation) => operation switch
    {
        Operation.Delete => "Deleting",
        Operation.Restart => "Restarting",
        Operation.Scale => "Scaling",
        Operation.Edit => "Updating",
        _ => "Starting a build of",
    };
}
