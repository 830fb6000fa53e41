using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>What plugins add to the screen, and how to ask them for it.</summary>
/// <remarks>
/// Thread safe. Reading properties never waits. To follow changes: read <see cref="Version"/>, draw, then await
/// <see cref="WaitForChangeAsync"/> with the version read.
/// </remarks>
public sealed class ExtensionPoints
{
    internal ExtensionPoints() { }

    /// <summary>Everything the enabled plugins declare.</summary>
    public ContributionIndex Contributions => throw new NotImplementedException();

    /// <summary>Grows with every change of a view, a status item, the contributions, or the state of a plugin.</summary>
    public long Version => throw new NotImplementedException();

    /// <summary>Raised after <see cref="Version"/> grew, on any thread: return at once.</summary>
    public event EventHandler? Changed { add { } remove { } }

    /// <summary>Completes when the version is above the one given; at once when it already is.</summary>
    public Task WaitForChangeAsync(long version, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The status bar's items, in the order of plugin ids and manifests.</summary>
    public ImmutableArray<StatusItem> StatusItems => throw new NotImplementedException();

    /// <summary>
    /// Asks for a computed column's cells, in batches; activates its plugin when needed. Values of objects that the
    /// plugin may not <c>get</c> are taken out before it sees them.
    /// </summary>
    /// <param name="columnId">Id of a contributed column with <c>compute</c> paths.</param>
    /// <param name="rows">Rows with the values at those paths.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">No such column is contributed.</exception>
    public Task<ComputeResult> ComputeAsync(string columnId, ImmutableArray<ComputeRow> rows, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Opens a tab; returns at once with a pending view.</summary>
    /// <exception cref="ArgumentException">No such tab is contributed.</exception>
    public ViewSession OpenTab(string tabId, ObjectReference obj, int width, int height) => throw new NotImplementedException();

    /// <summary>
    /// Runs an action that the user has just started (and confirmed, when it is destructive): its plugin may write until
    /// the action ends.
    /// </summary>
    /// <exception cref="ArgumentException">No such action is contributed.</exception>
    public Task<InvocationResult> RunActionAsync(string actionId, ImmutableArray<ObjectReference> objects, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Runs a command that the user has just started: its plugin may write until the command ends.</summary>
    /// <exception cref="ArgumentException">No such command is contributed.</exception>
    public Task<InvocationResult> RunCommandAsync(string commandId, JsonElement? arguments, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Names of what has neither answered nor faulted: activations, open views, computations, status items.</summary>
    public ImmutableArray<string> Pending => throw new NotImplementedException();

    /// <summary>Completes when nothing is <see cref="Pending"/>; more may become so afterwards.</summary>
    public Task WhenSettledAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
