using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>What plugins add to the screen, and how to ask them for it.</summary>
/// <remarks>
/// Thread safe. Reading properties never waits. To follow changes: read <see cref="Version"/>, draw, then await
/// <see cref="WaitForChangeAsync"/> with the version read.
/// </remarks>
public sealed partial class ExtensionPoints
{
    private readonly RuntimeLimits _limits;
    private readonly TimeProvider _time;
    private readonly Func<SessionScope> _scope;
    private readonly ScreenEvents _screen;
    private readonly ComputedColumns _columns;
    private readonly Hooks _hooks;
    private readonly LogTransforms _logTransforms;
    private readonly Relations _relations;
    private readonly ChangeSignal _shown = new();
    private readonly ChangeSignal _pendingChanged = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _computing = new(StringComparer.Ordinal);
    private volatile Offer _offer = new(ContributionIndex.Empty, ImmutableDictionary<PluginId, PluginActor>.Empty);
    private ImmutableArray<ViewSession> _views = [];
    private long _viewsOpened;

    internal ExtensionPoints(Func<SessionScope> scope, Func<CapabilityBroker> broker, ScreenEvents screen, RuntimeLimits limits, TimeProvider time)
    {
        _screen = screen;
        _scope = scope;
        _limits = limits;
        _time = time;
        _columns = new ComputedColumns(scope, limits, time);
        Status = new StatusBoard(limits, time, RaiseChanged);
        _hooks = new Hooks(scope, broker, limits, time, Status.Fail);
        _logTransforms = new LogTransforms(limits, time);
        _relations = new Relations(scope, limits);
    }

    /// <summary>Everything the enabled plugins declare; replaced as a whole, with <see cref="Changed"/>, when they change.</summary>
    public ContributionIndex Contributions => _offer.Contributions;

    /// <summary>Grows with every change of a view, a status item, the contributions, or the state of a plugin.</summary>
    public long Version => _shown.Version;

    /// <summary>
    /// Raised after <see cref="Version"/> grew, on any thread: return at once and do not throw. Not raised when only
    /// <see cref="Pending"/> changes, as it does when a computation begins or ends; await <see cref="WhenSettledAsync"/> for that.
    /// </summary>
    public event EventHandler? Changed;

    /// <summary>Completes when the version is above the one given; at once when it already is.</summary>
    public Task WaitForChangeAsync(long version, CancellationToken cancellationToken = default) => _shown.WaitAsync(version, cancellationToken);

    /// <summary>The status bar's items, in the order of plugin ids and manifests.</summary>
    public ImmutableArray<StatusItem> StatusItems => Status.Items;

    /// <summary>
    /// Asks for a computed column's cells, in batches; activates its plugin when needed. Values of objects that the
    /// plugin may not <c>get</c> are taken out before it sees them.
    /// </summary>
    /// <param name="columnId">Id of a contributed column with <c>compute</c> paths.</param>
    /// <param name="rows">Rows with the values at those paths.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">No such column is contributed.</exception>
    public async Task<ComputeResult> ComputeAsync(string columnId, ImmutableArray<ComputeRow> rows, CancellationToken cancellationToken = default)
    {
        var offer = _offer;
        var column = Find(offer.Contributions.Columns, c => c.Id == columnId, columnId);
        var name = $"column {column.Contribution.Title} of {column.PluginName}";
        BeginComputing(name);
        try
        {
            return await _columns.ComputeAsync(offer.Actors[column.Plugin], column.Contribution, rows, cancellationToken);
        }
        finally
        {
            EndComputing(name);
        }
    }

    /// <summary>Opens a tab; returns at once with a pending view.</summary>
    /// <param name="tabId">Id of the contribution.</param>
    /// <param name="obj">What it is about.</param>
    /// <param name="width">Of its area, in cells.</param>
    /// <param name="height">Of its area, in cells.</param>
    /// <exception cref="ArgumentException">No such tab is contributed.</exception>
    public ViewSession OpenTab(string tabId, ObjectReference obj, int width, int height) => Open<TabContribution>(tabId, obj, width, height);

    /// <summary>Opens a section, as <see cref="OpenTab"/> does a tab.</summary>
    /// <exception cref="ArgumentException">No such section is contributed.</exception>
    public ViewSession OpenSection(string sectionId, ObjectReference obj, int width, int height) => Open<SectionContribution>(sectionId, obj, width, height);

    /// <summary>Opens a page, as <see cref="OpenTab"/> does a tab.</summary>
    /// <exception cref="ArgumentException">No such page is contributed.</exception>
    public ViewSession OpenPage(string pageId, int width, int height) => Open<PageContribution>(pageId, null, width, height);

    /// <summary>Opens a card, as <see cref="OpenTab"/> does a tab.</summary>
    /// <exception cref="ArgumentException">No such card is contributed.</exception>
    public ViewSession OpenCard(string cardId, int width, int height) => Open<CardContribution>(cardId, null, width, height);

    /// <summary>
    /// Runs an action that the user has just started (and confirmed, when it is destructive): its plugin may write until
    /// the action ends.
    /// </summary>
    /// <param name="actionId">Id of the contribution.</param>
    /// <param name="objects">What it is for.</param>
    /// <param name="inputs">Values of its inputs by field name; what <see cref="FormRules"/> does not accept is refused.</param>
    /// <param name="cancellationToken">Ends the wait, and the message.</param>
    /// <exception cref="ArgumentException">No such action is contributed.</exception>
    public Task<InvocationResult> RunActionAsync(string actionId, ImmutableArray<ObjectReference> objects, JsonElement? inputs = null, CancellationToken cancellationToken = default)
    {
        var offer = _offer;
        var action = Find(offer.Contributions.Actions, a => a.Id == actionId, actionId);
        var json = JsonSerializer.SerializeToUtf8Bytes(new ActionPayload { Action = actionId, Objects = objects, Inputs = inputs }, ContractJson.Default.ActionPayload);
        return InvokeAsync(offer.Actors[action.Plugin], $"onAction:{actionId}", MessageType.Action, json, action.Contribution.Inputs, inputs, cancellationToken);
    }

    /// <summary>Runs a command that the user has just started: its plugin may write until the command ends.</summary>
    /// <exception cref="ArgumentException">No such command is contributed.</exception>
    public Task<InvocationResult> RunCommandAsync(string commandId, JsonElement? inputs = null, CancellationToken cancellationToken = default)
    {
        var offer = _offer;
        var command = Find(offer.Contributions.Commands, c => c.Id == commandId, commandId);
        var json = JsonSerializer.SerializeToUtf8Bytes(new CommandPayload { Command = commandId, Inputs = inputs }, ContractJson.Default.CommandPayload);
        return InvokeAsync(offer.Actors[command.Plugin], $"onCommand:{commandId}", MessageType.Command, json, command.Contribution.Inputs, inputs, cancellationToken);
    }

    /// <summary>
    /// Names of what has neither answered nor faulted: activations, open views, computations, status items, and the objects
    /// that subscriptions begin with. Each has a deadline.
    /// </summary>
    public ImmutableArray<string> Pending
    {
        get
        {
            var names = ImmutableArray.CreateBuilder<string>();
            foreach (var actor in _offer.Actors.Values)
            {
                if (actor.State == PluginState.Activating) names.Add($"activation of {actor.Name}");
                if (actor.Instance?.Subscriptions.IsCatchingUp == true) names.Add($"first events of {actor.Name}");
            }
            lock (_gate)
            {
                names.AddRange(_computing.Keys);
                names.AddRange(_views.Where(v => v.State is ViewState.Pending).Select(v => $"{KindOf(v.View.Contribution)} {v.View.Contribution.Title} of {v.View.PluginName}"));
            }
            names.AddRange(Status.Items.Where(i => i.State is StatusItemState.Pending).Select(i => $"status item {i.Item.Contribution.Title} of {i.Item.PluginName}"));
            names.Sort(StringComparer.Ordinal);
            return names.DrainToImmutable();
        }
    }

    /// <summary>Completes when nothing is <see cref="Pending"/>; more may become so afterwards.</summary>
    public async Task WhenSettledAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var version = _pendingChanged.Version;
            if (Pending.IsEmpty) return;
            await _pendingChanged.WaitAsync(version, cancellationToken);
        }
    }

    /// <summary>
    /// How plugins reach the user; the screen sets it. Without one a plugin's questions are answered <c>unavailable</c>, and what it
    /// would only show goes nowhere.
    /// </summary>
    public IUserPrompts? UserPrompts { get; set; }

    internal StatusBoard Status { get; }

    /// <summary>Has an instance that is about to take over render the open views that its package still contributes.</summary>
    internal async Task<ImmutableArray<RenderedView>> RenderAsync(PluginInstance candidate)
    {
        var contributed = new ContributionIndex([candidate.Plugin]);
        var views = _views.Where(v => contributed.HasView(v.View.Plugin, v.View.Contribution.Id));
        return [.. await Task.WhenAll(views.Select(view => view.PreviewAsync(candidate)))];
    }

    /// <summary>Offers these plugins from now on; views of what is no longer contributed close.</summary>
    /// <param name="contributions">What they declare.</param>
    /// <param name="actors">The plugins.</param>
    /// <param name="rendered">What the views of an instance that takes over show.</param>
    internal void Use(ContributionIndex contributions, ImmutableDictionary<PluginId, PluginActor> actors, ImmutableArray<RenderedView> rendered = default)
    {
        _offer = new Offer(contributions, actors);
        Status.Use(contributions);
        foreach (var view in rendered.IsDefault ? [] : rendered) view.Session.TakeOver(view.State);
        foreach (var view in _views.Where(v => !contributions.HasView(v.View.Plugin, v.View.Contribution.Id)))
            view.Close(new PluginFailure(view.View.Plugin, view.View.PluginName, ErrorCode.Cancelled, actors.ContainsKey(view.View.Plugin) ? "its present version has no such view" : "it was uninstalled or disabled"));
        RaiseChanged();
    }

    /// <summary>Gives an open view of a plugin new content; why not, if not.</summary>
    internal CallError? Update(PluginId plugin, UiUpdateRequest request) =>
        _views.FirstOrDefault(v => (v.View.Plugin == plugin || _limits.AnybodyUpdatesViews) && v.Instance == request.Instance) is not { } view ? new CallError(ErrorCode.NotFound, "no view of this plugin is open under that instance")
        : request.Content is { } content ? view.Update(content)
        : view.Patch(request.Patches);

    internal void OnMoved(PluginActor actor, Transition moved)
    {
        Status.OnMoved(actor, moved);
        foreach (var view in _views.Where(v => v.View.Plugin == actor.Id))
        {
            if (moved.To == PluginState.Active && view.State is ViewState.Faulted) view.Refresh();
            else if (moved.Failure is { } failure) view.Fail(failure);
        }
        RaiseChanged();
    }

    /// <summary>Whether a view of a plugin is open.</summary>
    internal bool HasViewsOf(PluginId plugin) => _views.Any(view => view.View.Plugin == plugin);

    /// <summary>Asks a plugin anew for all its open views.</summary>
    internal void RefreshViewsOf(PluginId plugin)
    {
        foreach (var view in _views.Where(v => v.View.Plugin == plugin)) view.Refresh();
    }

    internal void RaisePendingChanged() => _pendingChanged.Raise();

    /// <summary>The session ended: what is open belongs to it.</summary>
    internal void CloseViews()
    {
        foreach (var view in _views)
            view.Close(new PluginFailure(view.View.Plugin, view.View.PluginName, ErrorCode.Cancelled, "the session has ended"));
    }

    private async Task<InvocationResult> InvokeAsync(PluginActor actor, string activationEvent, string type, byte[] payload, ImmutableArray<FormField> fields, JsonElement? inputs, CancellationToken cancellationToken)
    {
        if (FormRules.CheckValues(fields, inputs) is [var problem, ..]) return new InvocationResult.Faulted(actor.Failure(ErrorCode.Invalid, problem.ToString()));
        return await actor.AskAsync(activationEvent, new Request(type, payload, _limits.MessageDeadline, NeedsGesture: true), cancellationToken) switch
        {
            Reply.Answered => new InvocationResult.Done(),
            Reply.Failed failed => new InvocationResult.Faulted(failed.Failure),
            var other => throw new InvalidOperationException($"A request ended in {other}."),
        };
    }

    private ViewSession Open<T>(string id, ObjectReference? obj, int width, int height, string? workingNamespace = null)
        where T : ViewContribution
    {
        var offer = _offer;
        var contributed = offer.Contributions.Views.FirstOrDefault(v => v.Contribution is T && v.Contribution.Id == id) ?? throw new ArgumentException($"no plugin contributes `{id}`", nameof(id));
        var actor = offer.Actors[contributed.Plugin];
        var view = new ViewSession(contributed, obj, $"view-{Interlocked.Increment(ref _viewsOpened)}", actor, _limits, _time, _ => RaiseChanged(), Close) { Namespace = workingNamespace };
        lock (_gate)
        {
            if (_views.Count(v => v.View.Plugin == contributed.Plugin) >= _limits.OpenViews)
                view.Fail(actor.Failure(ErrorCode.QuotaExceeded, $"{_limits.OpenViews} of its views are open already"));
            _views = _views.Add(view);
        }
        if (view.State is ViewState.Pending) view.Resize(width, height);
        return view;
    }

    private static Contributed<T> Find<T>(ImmutableArray<Contributed<T>> contributions, Func<T, bool> which, string id) =>
        contributions.FirstOrDefault(c => which(c.Contribution)) ?? throw new ArgumentException($"no plugin contributes `{id}`", nameof(id));

    private static string KindOf(ViewContribution view) => ActivationEvent.Of(view).Kind.ToString().ToLowerInvariant();

    private void Close(ViewSession view)
    {
        lock (_gate) _views = _views.Remove(view);
        RaiseChanged();
    }

    private void BeginComputing(string name)
    {
        lock (_gate) _computing[name] = _computing.GetValueOrDefault(name) + 1;
        _pendingChanged.Raise();
    }

    private void EndComputing(string name)
    {
        lock (_gate)
        {
            if (--_computing[name] == 0) _computing.Remove(name);
        }
        _pendingChanged.Raise();
    }

    internal void RaiseChanged()
    {
        _shown.Raise();
        _pendingChanged.Raise();
        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>What is contributed and by whom, always of one moment.</summary>
    private sealed record Offer(ContributionIndex Contributions, ImmutableDictionary<PluginId, PluginActor> Actors);
}
