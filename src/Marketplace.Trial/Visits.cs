using System.Collections.Immutable;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Simulator;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Marketplace.Trial;

/// <summary>
/// Visits each of a plugin's extension points as a user would: opens its views and operates them, starts its commands and actions,
/// makes changes that its hooks are asked about, shows its columns and logs. The cluster moves on meanwhile.
/// </summary>
internal sealed class Visits(PluginHost host, ClusterSession session, SimulatedCluster cluster, TrialLimits limits)
{
    private const int Width = 100, Height = 30;

    private static readonly ImmutableArray<string> SampleLines = ["GET /healthz 200 1ms", "{\"level\":\"error\",\"msg\":\"connection refused\"}", "WARN cache is cold", ""];

    private readonly KnownObjects _objects = new(session.Client, session.Namespace, limits);
    private readonly ImmutableArray<VisitedPart>.Builder _visited = ImmutableArray.CreateBuilder<VisitedPart>();
    private readonly List<ViewSession> _open = [];

    /// <summary>Makes the visits, until they are made or the token ends.</summary>
    /// <returns>Those that were made.</returns>
    public async Task<ImmutableArray<VisitedPart>> MakeAsync(Contributions contributions, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var visit in PlanAsync(contributions, cancellationToken))
            {
                if (_visited.Count >= limits.Visits) break;
                await MakeAsync(visit, cancellationToken);
                await cluster.AdvanceAsync(1, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The time is over: what was visited is told.
        }
        return _visited.ToImmutable();
    }

    /// <summary>Closes the views that are open.</summary>
    public void End()
    {
        foreach (var view in _open) view.Dispose();
    }

    private async Task MakeAsync(Visit visit, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(limits.VisitTime);
        string? failure;
        try
        {
            failure = await visit.MakeAsync(late.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            failure = $"no answer within {limits.VisitTime.TotalSeconds:0} s";
        }
        _visited.Add(new VisitedPart(visit.Kind, Cut(visit.Id), visit.On is { } on ? Cut($"{on.Kind} {on.Name}") : null, failure is null ? null : Cut(failure)));
    }

    private async IAsyncEnumerable<Visit> PlanAsync(Contributions contributions, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var page in contributions.Pages) yield return View("page", page.Id, null, () => host.Extensions.OpenPage(page.Id, Width, Height));
        foreach (var card in contributions.Cards) yield return View("card", card.Id, null, () => host.Extensions.OpenCard(card.Id, Width, Height));
        foreach (var column in contributions.Columns.Where(column => !column.Compute.IsEmpty))
            if (await _objects.OfAsync(column.Resource, cancellationToken) is { Count: > 0 } rows) yield return Column(column, rows);
        foreach (var tab in contributions.Tabs)
            if (await FirstOfAsync(tab, cancellationToken) is { } on) yield return View("tab", tab.Id, on.Reference, () => host.Extensions.OpenTab(tab.Id, on.Reference, Width, Height));
        foreach (var section in contributions.Sections)
            if (await FirstAsync([section.Resource], cancellationToken) is { } on) yield return View("section", section.Id, on.Reference, () => host.Extensions.OpenSection(section.Id, on.Reference, Width, Height));
        foreach (var view in contributions.ResourceViews)
            if (await FirstAsync([view.Resource], cancellationToken) is { } on) yield return ResourceView(view, on);
        foreach (var log in contributions.LogTransforms)
            if (await FirstAsync([log.Resource], cancellationToken) is { } on) yield return Log(log, on);
        foreach (var hook in contributions.Hooks)
            foreach (var verb in hook.Verbs)
                if (await FirstAsync(hook.Resources, cancellationToken) is { } on) yield return Hook(hook, verb, on);
        foreach (var command in contributions.Commands)
            yield return new Visit("command", command.Id, null, async token => FailureOf(await host.Extensions.RunCommandAsync(command.Id, SimulatedUser.Fill(command.Inputs), token)));
        // Last: they may take away what the others need.
        foreach (var action in contributions.Actions)
            if (await FirstAsync(action.Resources, cancellationToken) is { } on)
                yield return new Visit("action", action.Id, on.Reference, async token => FailureOf(await host.Extensions.RunActionAsync(action.Id, [on.Reference], SimulatedUser.Fill(action.Inputs), token)));
    }

    private async Task<KnownObject?> FirstOfAsync(TabContribution tab, CancellationToken cancellationToken) => tab.Resource == TabContribution.AnyKind
        ? Looked(await _objects.OfFirstAsync((catalog, kind) => tab.IsIn(session.When(catalog, kind, session.Namespace)), cancellationToken))
        : await FirstAsync([tab.Resource], cancellationToken);

    private async Task<KnownObject?> FirstAsync(ImmutableArray<string> kinds, CancellationToken cancellationToken)
    {
        foreach (var kind in kinds)
            if (Looked(await _objects.OfAsync(kind, cancellationToken)) is { } first) return first;
        return null;
    }

    /// <summary>The first of some objects, which the user then looks at; null when there are none.</summary>
    private KnownObject? Looked(IReadOnlyList<KnownObject> objects)
    {
        if (objects is not [var first, ..]) return null;
        TellPlace(first.Reference);
        return first;
    }

    private void TellPlace(ObjectReference selected) => host.Extensions.TellPlace(session, new UserPlace(
        new UiScreen { Screen = "list", Group = selected.Group, Kind = selected.Kind }, new UiNamespace { Namespace = session.Namespace }, new UiSelection { Object = selected }, new UiTheme { Name = "dark", IsLight = false }));

    private Visit ResourceView(ResourceViewContribution view, KnownObject on)
    {
        var about = view.Part == ResourcePart.Details ? on.Reference : null;
        return View("resourceView", view.Id, about, () => host.Extensions.OpenResourceView(view.Id, about, session.Namespace, Width, Height));
    }

    private Visit View(string kind, string id, ObjectReference? on, Func<ViewSession> open) => new(kind, id, on, async token =>
    {
        var view = open();
        _open.Add(view);
        if (await StateOfAsync(view, token) is not ViewState.Ready ready) return FailureOf(view.State);
        string? failure = null;
        foreach (var input in ViewInputs.Of(ready.Content).Take(limits.Inputs))
            // One that an earlier one took out of the view is not there any more.
            if (view.State is ViewState.Ready { Content: var now } && LazyOC.Plugins.Contracts.Views.InputRules.Check(now, input) is null)
                failure ??= FailureOf(await view.InputAsync(input, token));
        return failure ?? FailureOf(view.State);
    });

    private async Task<ViewState> StateOfAsync(ViewSession view, CancellationToken cancellationToken)
    {
        while (true)
        {
            var version = host.Extensions.Version;
            if (view.State is not ViewState.Pending) return view.State;
            await host.Extensions.WaitForChangeAsync(version, cancellationToken);
        }
    }

    private Visit Column(ColumnContribution column, IReadOnlyList<KnownObject> objects) => new("column", column.Id, null, async token =>
    {
        var paths = column.Compute.Select(JsonPath.Parse).ToArray();
        var rows = objects.Select(known => new ComputeRow { Object = known.Reference, Values = [.. paths.Select(path => path.Select(known.Json) is [var value, ..] ? value.ToString() : null)] });
        return await host.Extensions.ComputeAsync(column.Id, [.. rows], token) is ComputeResult.Faulted faulted ? FailureOf(faulted.Failure) : null;
    });

    private Visit Log(LogTransformContribution log, KnownObject on) => new("logTransform", log.Id, on.Reference, async token =>
    {
        var catalog = await session.Client.Discovery.GetAsync(token);
        var kind = GroupKind.Parse(log.Resource);
        var source = new LogLinesPayload { Transform = log.Id, Object = on.Reference, Pod = on.Reference.Name, Container = "main", Lines = SampleLines };
        var shown = await host.Extensions.TransformLogAsync(kind, session.When(catalog, kind, session.Namespace), source, token);
        return shown.Failures is [var failure, ..] ? FailureOf(failure) : null;
    });

    private Visit Hook(HookContribution hook, string verb, KnownObject on) => new("hook", hook.Id, on.Reference, async token =>
    {
        var change = new UserChange { Kind = on.Kind, Verb = verb, Reference = on.Reference, Object = verb is "create" or "update" ? on.Json : null, Replicas = verb == "scale" ? 2 : null, CanBePatched = verb is "create" or "update" };
        var verdict = await host.Extensions.AskHooksAsync(change, token);
        host.Extensions.TellHooks(change);
        return verdict.Unanswered is [var failure, ..] ? FailureOf(failure) : null;
    });

    private static string? FailureOf(ViewState state) => state is ViewState.Faulted faulted ? FailureOf(faulted.Failure) : null;

    private static string? FailureOf(InvocationResult result) => result is InvocationResult.Faulted faulted ? FailureOf(faulted.Failure) : null;

    private static string FailureOf(PluginFailure failure) => $"{failure.Code}: {failure.Message}";

    private string Cut(string text) => text.Length <= limits.TextChars ? text : text[..(limits.TextChars - 1)] + "…";

    /// <param name="Kind">Such as <c>tab</c>.</param>
    /// <param name="Id">Of the contribution.</param>
    /// <param name="On">What it is about.</param>
    /// <param name="MakeAsync">Makes it; why it failed, or null.</param>
    private sealed record Visit(string Kind, string Id, ObjectReference? On, Func<CancellationToken, Task<string?>> MakeAsync);
}
