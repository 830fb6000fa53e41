using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.Panels;

/// <summary>How good or bad the state words of Kubernetes and OpenShift are.</summary>
internal static class StatusTone
{
    public static TextStyle Of(string word) => word switch
    {
        "Running" or "Active" or "Bound" or "Ready" or "Available" or "Complete" or "Succeeded" or "Healthy" or "Synced" or "Admitted" or "True" => TextStyle.Ok,
        "Completed" or "Superseded" or "Cancelled" or "Unknown" or "<none>" or "" => TextStyle.Muted,
        "Pending" or "ContainerCreating" or "PodInitializing" or "Terminating" or "Progressing" or "New" or "Released" or "Warning" or "OutOfSync" => TextStyle.Warn,
        "Failed" or "Error" or "Evicted" or "OOMKilled" or "NotReady" or "Lost" or "Degraded" or "Unavailable" or "False" => TextStyle.Error,
        _ when word.StartsWith("Init:", StringComparison.Ordinal) => word.Contains("Error", StringComparison.Ordinal) || word.Contains("BackOff", StringComparison.Ordinal) ? TextStyle.Error : TextStyle.Warn,
        _ when word.EndsWith("BackOff", StringComparison.Ordinal) || word.Contains("Err", StringComparison.Ordinal) || word.EndsWith("Error", StringComparison.Ordinal) || word.EndsWith("Failed", StringComparison.Ordinal) => TextStyle.Error,
        _ when word.Contains("SchedulingDisabled", StringComparison.Ordinal) => TextStyle.Warn,
        _ => TextStyle.Plain,
    };
}
