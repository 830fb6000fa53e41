using System.Runtime.ExceptionServices;
using LazyOC.Cluster.Errors;

namespace LazyOC.Tui.Screen;

/// <summary>What became of a task that asks the cluster.</summary>
internal static class Failures
{
    /// <summary>The refusal or failure that the user is told; null while there is none. Any other exception is a bug and is thrown on.</summary>
    public static ClusterException? Of(Task asking)
    {
        if (!asking.IsFaulted)
            return null;
        var cause = asking.Exception.InnerException!;
        if (cause is ClusterException failure)
            return failure;
        ExceptionDispatchInfo.Throw(cause);
        return null;
    }
}
