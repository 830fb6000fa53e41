using System.Globalization;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Overlays;

namespace LazyOC.Tui.Operations;

/// <summary>
/// Does one thing to several objects, one after the other: what fails is told with its cause and next step, and the rest
/// goes on.
/// </summary>
internal sealed class Batch(Operation operation, Targets targets, Dialogs dialogs, TuiLimits limits)
{
    private readonly string _id = $"operation-{Guid.NewGuid():N}";

    /// <summary>Runs it and answers the objects it was done to.</summary>
    /// <param name="act">Does it to one object; what it returns is said of it when it is the only one.</param>
    /// <param name="cancellationToken">Stops before the next object.</param>
    public async Task<List<ResourceRow>> RunAsync(Func<ResourceRow, Task<string?>> act, CancellationToken cancellationToken)
    {
        var done = new List<ResourceRow>();
        var failed = 0;
        string? said = null;
        try
        {
            for (var i = 0; i < targets.Rows.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ShowProgress(i);
                var row = targets.Rows[i];
                try
                {
                    said = await act(row);
                    done.Add(row);
                }
                catch (ClusterException e)
                {
                    if (++failed <= limits.FailureNotices)
                        dialogs.Notify(new Notice($"{targets.Kind.Kind} {targets.NameOf(row)}: {e.Message}", TextStyle.Error) { Hint = e.Hint });
                }
            }
        }
        finally
        {
            dialogs.Notify(Summary(done.Count, failed, targets.Rows.Length == 1 ? said : null) with { Id = _id });
        }
        return done;
    }

    private void ShowProgress(int finished)
    {
        var of = targets.Rows.Length == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $": {finished} of {targets.Rows.Length}");
        dialogs.Notify(new Notice($"{operation.Doing()} {targets}{of}", TextStyle.Info) { Id = _id, Lasts = true, Progress = targets.Rows.Length == 1 ? null : (double)finished / targets.Rows.Length });
    }

    private Notice Summary(int done, int failed, string? said) => (done, failed) switch
    {
        (_, 0) when done == targets.Rows.Length => new Notice(said ?? $"{operation.Done()} {targets}", TextStyle.Ok),
        (0, _) when targets.Rows.Length == 1 => new Notice($"{targets} is as it was", TextStyle.Warn),
        _ => new Notice(string.Create(CultureInfo.InvariantCulture, $"{operation.Done()} {done} of {targets.Rows.Length} {targets.Kind.Plural}; {failed} failed"), TextStyle.Warn),
    };
}
