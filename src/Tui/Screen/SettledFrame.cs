using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <summary>What a screen looks at: a session with a cluster, the plugins in it, and the clock ages are told by.</summary>
public sealed record ScreenSession
{
    /// <summary>The cluster, as whom, in which namespace.</summary>
    public required ClusterSession Cluster { get; init; }

    /// <summary>What plugins add; null shows none (<c>--no-plugins</c>).</summary>
    public ExtensionPoints? Extensions { get; init; }

    /// <summary>Shows the objects of all namespaces instead of <see cref="ClusterSession.Namespace"/>'s.</summary>
    public bool AllNamespaces { get; init; }

    /// <summary>The clock of ages; the demo gives the simulated cluster's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Shows how fast the server answers; the demo does not, so that its frames repeat.</summary>
    public bool ShowLatency { get; init; } = true;
}

/// <summary>Draws one frame once everything on it has settled: lists complete, every visible contribution answered or failed.</summary>
public static class SettledFrame
{
    /// <summary>How long the program waits for a frame to settle.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Draws what is asked for.</summary>
    /// <param name="session">What to look at; nothing of it is disposed.</param>
    /// <param name="request">List, or object and tab.</param>
    /// <param name="size">Size of the frame.</param>
    /// <param name="timeout">How long to wait, in real time, before giving up.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<FrameResult> RenderAsync(ScreenSession session, ViewRequest request, FrameSize size, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var giveUp = new CancellationTokenSource(timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token, cancellationToken);
        var changed = new ChangeSignal();
        using var dialogs = new Dialogs(changed, TimeProvider.System);
        using var workbench = new Workbench(session, request, dialogs, changed, settles: true);
        while (true)
        {
            var next = changed.Next; // taken before anything is read, so that no change is missed
            workbench.Advance(size, new Due());
            if (workbench.Missing is { } missing)
                return missing;
            if (workbench.Failure is { } failure)
                return new FrameResult.Unavailable(failure);
            if (workbench.Pending.IsEmpty)
                return new FrameResult.Frame(Draw(workbench, size));
            try
            {
                await next.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                if (workbench.Catalog is null)
                    return new FrameResult.Unavailable(new ClusterTimeoutException($"the cluster did not say what it serves within {timeout.TotalSeconds:0.#} s", $"check that {session.Cluster.Client.Options.Server} answers"));
                return new FrameResult.NotSettled(workbench.Pending, Draw(workbench, size));
            }
        }
    }

    private static CellBuffer Draw(Workbench workbench, FrameSize size)
    {
        var state = workbench.Compose(size);
        return ScreenDrawing.Render(state with { Status = state.Status with { Hints = KeyHints.For(state.Focus) } }, size, workbench.Session.Clock.GetUtcNow());
    }
}
