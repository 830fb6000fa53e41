using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.HotSwap;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Runtime;

/// <content>The plugins come and go.</content>
public sealed partial class PluginHost
{
    /// <summary>
    /// Makes these the plugins that run. Added ones are activated as their manifests say; removed ones end, their calls
    /// <c>cancelled</c> and their views closed; one with another package is replaced by it with its state kept, and goes on
    /// when that fails; one with another grant is started anew with it. A quarantine stays whatever is applied.
    /// </summary>
    /// <param name="plugins">The enabled plugins; each id once.</param>
    /// <param name="cancellationToken">Ends the wait for other changes; one that has begun is completed.</param>
    /// <returns>What became of each plugin, those removed included, in order of id.</returns>
    public async Task<ImmutableArray<PluginChange>> ApplyAsync(ImmutableArray<InstalledPlugin> plugins, CancellationToken cancellationToken = default)
    {
        var next = plugins.ToImmutableDictionary(p => p.Manifest.Id);
        await _switching.WaitAsync(cancellationToken);
        try
        {
            foreach (var plugin in next.Values)
                if (_context.Stores.GoOnWith(plugin) is { } failure) _context.Log(plugin.Manifest.Id, PluginLogLevel.Error, failure);
            var changes = ImmutableArray.CreateBuilder<PluginChange>();
            changes.AddRange(await RemoveAsync([.. _actors.Values.Where(actor => !next.ContainsKey(actor.Id))]));
            foreach (var actor in _actors.Values) changes.Add(await ReplaceAsync(actor, next[actor.Id]));
            changes.AddRange(Add([.. next.Values.Where(plugin => !_actors.ContainsKey(plugin.Manifest.Id))]));
            changes.Sort((left, right) => left.Plugin.CompareTo(right.Plugin));
            return changes.DrainToImmutable();
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <summary>Tries a package as <see cref="PluginRehearsal"/> does, in this host's stores; it is none of the host's plugins.</summary>
    internal async Task<PluginFailure?> RehearseAsync(InstalledPlugin plugin, CancellationToken cancellationToken)
    {
        await using var actor = new PluginActor(plugin, _context, _scope);
        // What its calls look for.
        _actors = _actors.Add(actor.Id, actor);
        try
        {
            return await actor.TryTakeOverAsync().WaitAsync(cancellationToken) is { } fault ? actor.Failure(fault) : null;
        }
        finally
        {
            _actors = _actors.Remove(actor.Id);
        }
    }

    private IEnumerable<PluginChange> Add(ImmutableArray<InstalledPlugin> plugins)
    {
        if (plugins.IsEmpty) return [];
        ImmutableArray<PluginActor> added = [.. plugins.Select(plugin => new PluginActor(plugin, _context, _scope))];
        Offer(_actors.AddRange(added.Select(actor => KeyValuePair.Create(actor.Id, actor))));
        // First: what the policy stops, no lifted quarantine lets run.
        foreach (var actor in added)
            if (_options.Policy.WhyNotRun(actor.Id) is { } reason) Extensions.Status.Fail(actor.Block(reason));
        foreach (var kept in _options.Quarantine?.Read() ?? [])
            if (added.FirstOrDefault(actor => actor.Id == kept.Plugin) is { State: PluginState.Enabled } held) Extensions.Status.Fail(held.Restore(kept));
        foreach (var actor in added) ActivateAtStart(actor);
        return added.Select(actor => new PluginChange.Added(actor.Id, actor.Version));
    }

    private async Task<IEnumerable<PluginChange>> RemoveAsync(ImmutableArray<PluginActor> removed)
    {
        if (removed.IsEmpty) return [];
        Offer(_actors.RemoveRange(removed.Select(actor => actor.Id)));
        await Task.WhenAll(removed.Select(actor => actor.EndAsync("it was uninstalled or disabled").AsTask()));
        foreach (var actor in removed)
        {
            _leaders.Release(actor.Id);
            Record(actor, "plugin.removed", "uninstalled or disabled");
        }
        return removed.Select(actor => new PluginChange.Removed(actor.Id, actor.Version));
    }

    private async Task<PluginChange> ReplaceAsync(PluginActor actor, InstalledPlugin next)
    {
        var before = actor.Plugin;
        var samePackage = before.Entry.Digest == next.Entry.Digest;
        var sameRights = before.Entry.GivesTheSameAs(next.Entry);
        if (sameRights && before.Entry.Limits == next.Entry.Limits) return new PluginChange.Unchanged(actor.Id, actor.Version);
        var (from, to) = (actor.Version, next.Manifest.Version.ToString());
        if (samePackage)
        {
            // At once: nothing more is to happen by rights that were taken away.
            await StartAnewAsync(actor, next, sameRights ? "its limits changed" : "its permissions changed");
            return sameRights ? new PluginChange.Limited(actor.Id, to) : new PluginChange.Regranted(actor.Id, to);
        }
        if (await SwapAsync(actor, next) is { } failure)
        {
            Record(actor, "plugin.swap-failed", $"{from} goes on, {to} does not take over: {failure.Reason}");
            return new PluginChange.SwapFailed(actor.Id, from, to, failure.Reason, failure.Stack);
        }
        Record(actor, "plugin.swapped", $"{to} took over from {from}");
        return new PluginChange.Swapped(actor.Id, from, to);
    }

    private async Task<SwapFailure?> SwapAsync(PluginActor actor, InstalledPlugin next)
    {
        if (await actor.ActiveInstanceAsync() is { } active)
        {
            var swap = new Swap(actor, active, next, Extensions, views =>
            {
                actor.BuildError = null;
                Offer(_actors, views);
            });
            return await swap.RunAsync() is { } failure
                ? new SwapFailure(Redact(actor.Id, failure.Reason), failure.Stack is { } stack ? Redact(actor.Id, stack) : null)
                : null;
        }
        // Nothing runs that could go on: the package must at least be one that can.
        if (actor.State is not (PluginState.Suspended or PluginState.Quarantined or PluginState.Blocked) && await actor.TryLoadAsync(next) is { } fault)
            return new SwapFailure($"it cannot be loaded: {fault.Message}", fault.Stack);
        await StartAnewAsync(actor, next, $"{next.Manifest.Version} took over");
        return null;
    }

    private async Task StartAnewAsync(PluginActor actor, InstalledPlugin next, string reason)
    {
        await actor.ReplaceAsync(next, reason);
        actor.BuildError = null;
        Offer(_actors);
        ActivateAtStart(actor);
        Extensions.RefreshViewsOf(actor.Id);
    }

    /// <summary>Lets a plugin with nothing to do rest, unless plugins are being changed just now: there is time for it later.</summary>
    private async Task RestAsync(PluginActor actor)
    {
        try
        {
            if (!await _switching.WaitAsync(TimeSpan.Zero)) return;
        }
        catch (ObjectDisposedException)
        {
            // The timer fired as the host ended.
            return;
        }
        try
        {
            await actor.RestAsync();
        }
#pragma warning disable CA1031 // Nobody waits for this: a bug is told.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _options.Bug($"rest of {actor.Id}", bug);
        }
        finally
        {
            _switching.Release();
        }
    }

    private void Offer(ImmutableDictionary<PluginId, PluginActor> actors, ImmutableArray<RenderedView> rendered = default)
    {
        _actors = actors;
        Extensions.Use(new ContributionIndex([.. actors.Values.Select(actor => actor.Plugin)]), actors, rendered);
    }

    private void Record(PluginActor actor, string call, string reason) => _options.Audit.Record(new AuditEvent
    {
        Plugin = actor.Id,
        Version = actor.Version,
        Digest = actor.Plugin.Entry.Digest.ToString(),
        Call = call,
        Decision = AuditDecision.Transition,
        Reason = reason,
    });
}
