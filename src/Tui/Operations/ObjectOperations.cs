using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Panels;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Operations;

/// <summary>
/// What the host does with objects on the user's request: it asks first, naming cluster and objects, and tells what came of
/// it. Thread safe; the tasks run on the pool and end with the last notice.
/// </summary>
internal sealed partial class ObjectOperations
{
    private readonly ScreenSession _session;
    private readonly Dialogs _dialogs;
    private readonly AccessAnswers _access;
    private readonly TuiLimits _limits;
    private Undo? _undo;

    /// <param name="session">The cluster, as whom, and whether it may be written to.</param>
    /// <param name="dialogs">Asks and tells.</param>
    /// <param name="changed">Raised when <see cref="WhyNot(Operation, ResourceKind, string?)"/> has another answer.</param>
    public ObjectOperations(ScreenSession session, Dialogs dialogs, ChangeSignal changed)
    {
        (_session, _dialogs, _limits) = (session, dialogs, TuiLimits.Default);
        _access = new AccessAnswers(session.Cluster.Client.Access, session.Clock, changed, _limits);
    }

    private ResourceClient Resources => _session.Cluster.Client.Resources;

    /// <summary>What <see cref="UndoAsync"/> would do, such as <c>scale checkout back to 3</c>; null when there is nothing to undo.</summary>
    public string? Undoable => Volatile.Read(ref _undo)?.Words;

    /// <summary>
    /// Why an operation cannot be done: not with this kind, not in a read-only session, not by this user. Null when it can,
    /// or when the cluster has not said yet. Never waits.
    /// </summary>
    /// <param name="operation">What to do.</param>
    /// <param name="kind">To what.</param>
    /// <param name="namespace">Where; null for all namespaces or a cluster-wide kind.</param>
    public string? WhyNot(Operation operation, ResourceKind kind, string? @namespace)
    {
        if (!operation.Fits(kind))
            return $"there is no such thing as to {operation.Word().ToLowerInvariant()} {kind.Plural}";
        var (verb, subresource) = operation.Right(kind);
        return WhyNot(verb, kind, @namespace, subresource);
    }

    /// <summary>Deletes objects after the user confirmed, each only if it is still the same one.</summary>
    public Task DeleteAsync(ResourceKind kind, ImmutableArray<ResourceRow> rows, CancellationToken cancellationToken = default) =>
        DeleteAsync(new Targets(kind, rows), new DeleteOptions { Propagation = Propagation.Background }, "", cancellationToken);

    /// <summary>As <see cref="DeleteAsync(ResourceKind, ImmutableArray{ResourceRow}, CancellationToken)"/>, but asks first what becomes of dependents and how long pods get to stop.</summary>
    public async Task DeleteWithOptionsAsync(ResourceKind kind, ImmutableArray<ResourceRow> rows, CancellationToken cancellationToken = default)
    {
        var targets = new Targets(kind, rows);
        if (IsRefused(Operation.Delete, targets))
            return;
        var prompt = new Prompt($"Delete {targets}", DeleteFields, "Next", DangerLevel.Destructive) { Note = Where(targets) };
        if (await _dialogs.AskAsync(prompt, cancellationToken) is not { } values)
            return;
        var grace = values.At("grace") is { ValueKind: JsonValueKind.Number } seconds && seconds.TryGetInt32(out var given) ? given : (int?)null;
        var options = new DeleteOptions { Propagation = Enum.Parse<Propagation>(values.Text("dependents") ?? nameof(Propagation.Background)), GracePeriodSeconds = grace };
        await DeleteAsync(targets, options, $"Dependents: {options.Propagation.ToString()!.ToLowerInvariant()}. {(grace is { } s ? string.Create(CultureInfo.InvariantCulture, $"Pods get {s} s to stop. ") : "")}", cancellationToken);
    }

    /// <summary>Restarts workloads after the user confirmed: their pods are replaced as by a rollout.</summary>
    public async Task RestartAsync(ResourceKind kind, ImmutableArray<ResourceRow> rows, CancellationToken cancellationToken = default)
    {
        var targets = new Targets(kind, rows);
        if (!await IsConfirmedAsync(Operation.Restart, targets, DangerLevel.Caution, "Their pods are replaced, as by a rollout.", cancellationToken))
            return;
        var cleared = await ClearAsync(Operation.Restart, targets, "update", cancellationToken);
        if (cleared.Rows.IsEmpty)
            return;
        await new Batch(Operation.Restart, cleared, _dialogs, _limits).RunAsync(async row =>
        {
            using var made = kind.Kind == "DeploymentConfig"
                ? await Resources.InstantiateAsync(kind, row.Namespace, row.Name, cancellationToken)
                : await Resources.RestartAsync(kind, row.Namespace, row.Name, cancellationToken: cancellationToken);
            Tell(cleared.ChangeOf(row, "update"), made.RootElement.Clone());
            return null;
        }, cancellationToken);
    }

    /// <summary>Starts builds from build configs after the user confirmed.</summary>
    public async Task StartBuildAsync(ResourceKind kind, ImmutableArray<ResourceRow> rows, CancellationToken cancellationToken = default)
    {
        var targets = new Targets(kind, rows);
        if (!await IsConfirmedAsync(Operation.StartBuild, targets, DangerLevel.None, null, cancellationToken))
            return;
        await new Batch(Operation.StartBuild, targets, _dialogs, _limits).RunAsync(async row =>
        {
            using var build = await Resources.InstantiateAsync(kind, row.Namespace, row.Name, cancellationToken);
            return $"Started build {build.RootElement.Text("metadata", "name")}";
        }, cancellationToken);
    }

    private async Task DeleteAsync(Targets targets, DeleteOptions options, string chosen, CancellationToken cancellationToken)
    {
        if (!await IsConfirmedAsync(Operation.Delete, targets, DangerLevel.Destructive, chosen + ConsequenceOfDeleting(targets.Kind), cancellationToken))
            return;
        var cleared = await ClearAsync(Operation.Delete, targets, "delete", cancellationToken);
        if (cleared.Rows.IsEmpty)
            return;
        await new Batch(Operation.Delete, cleared, _dialogs, _limits).RunAsync(async row =>
        {
            try
            {
                using var _ = await Resources.DeleteAsync(targets.Kind, row.Namespace, row.Name, options with { Uid = row.Uid }, cancellationToken);
                Tell(cleared.ChangeOf(row, "delete"));
                return null;
            }
            catch (NotFoundException)
            {
                return $"{targets} was gone already";
            }
        }, cancellationToken);
    }

    private static ImmutableArray<FormField> DeleteFields { get; } =
    [
        new()
        {
            Name = "dependents", Label = "Dependents", Kind = FieldKind.Select, Required = true, Value = JsonElement.Parse("\"Background\""),
            Options =
            [
                new() { Value = nameof(Propagation.Background), Label = "delete afterwards (background)" },
                new() { Value = nameof(Propagation.Foreground), Label = "delete first (foreground)" },
                new() { Value = nameof(Propagation.Orphan), Label = "keep (orphan)" },
            ],
        },
        new() { Name = "grace", Label = "Grace period", Kind = FieldKind.Number, Min = 0, Max = 24 * 3600, Help = "seconds a pod gets to stop; empty takes its own, 0 kills it" },
    ];

    private static string ConsequenceOfDeleting(ResourceKind kind) => (kind.Group, kind.Kind) switch
    {
        ("", "Namespace") or ("project.openshift.io", "Project") => "Everything in it is deleted with it.",
        ("", "PersistentVolumeClaim" or "PersistentVolume") => "Its data may be lost.",
        ("apiextensions.k8s.io", "CustomResourceDefinition") => "Every object of that kind is deleted with it.",
        ("", "Pod") => "A pod that a controller owns is replaced.",
        ("apps", _) or ("apps.openshift.io", "DeploymentConfig") or ("batch", _) => "Its pods are deleted with it.",
        _ => "This cannot be undone.",
    };

    /// <summary>Asks before something is done; false when it must not be.</summary>
    private async Task<bool> IsConfirmedAsync(Operation operation, Targets targets, DangerLevel danger, string? consequence, CancellationToken cancellationToken)
    {
        if (IsRefused(operation, targets))
            return false;
        return await _dialogs.AskAsync(Ask(operation.Word(), targets, danger) with { Consequence = consequence }, cancellationToken);
    }

    private Confirmation Ask(string verb, Targets targets, DangerLevel danger) => new()
    {
        Verb = verb,
        What = targets.ToString(),
        Objects = targets.Names,
        Namespace = targets.Namespace,
        Context = _session.Cluster.Context,
        User = _session.Cluster.User,
        Danger = danger,
        ClusterWide = !targets.Kind.Namespaced,
    };

    /// <summary>Tells why an operation cannot be done; false when it can.</summary>
    private bool IsRefused(Operation operation, Targets targets) =>
        targets.Rows.IsEmpty || IsRefused($"cannot {operation.Word().ToLowerInvariant()} {targets}", WhyNot(operation, targets.Kind, targets.Namespace));

    private bool IsRefused(string what, string? reason)
    {
        if (reason is not null)
            _dialogs.Notify(new Notice($"{what}: {reason}", TextStyle.Warn) { Hint = _session.Cluster.ReadOnly ? "start without `--read-only`, or choose a context that may be written to" : null });
        return reason is not null;
    }

    private string? WhyNot(string verb, ResourceKind kind, string? @namespace, string? subresource)
    {
        if (_session.Cluster.ReadOnly && verb is not ("get" or "list" or "watch"))
            return "the session is read-only";
        if (_access[verb, kind, @namespace, subresource] is not { Allowed: false } refused)
            return null;
        var resource = subresource is null ? kind.QualifiedName : $"{kind.QualifiedName}/{subresource}";
        var where = !kind.Namespaced ? "" : @namespace is null ? " in all namespaces" : $" in `{@namespace}`";
        return $"you may not {verb} `{resource}`{where}{(refused.Reason.Length > 0 ? $": {refused.Reason}" : "")}";
    }

    private string Where(Targets targets) =>
        $"{_session.Cluster.Context}{(targets.Namespace is { } ns ? $" · {ns}" : "")} · {string.Join(", ", targets.Names.Take(_limits.NamesInNotes))}{(targets.Rows.Length > _limits.NamesInNotes ? ", …" : "")}";
}
