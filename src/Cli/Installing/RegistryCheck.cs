using System.Collections.Immutable;
using LazyOC.Cli.Control;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Installing;

/// <summary>
/// Asks the registries what they say of what is installed, in the present set or in one that can be gone back to: killed
/// versions and revoked keys. It only ever narrows.
/// </summary>
internal sealed class RegistryCheck(Home home, PluginStore store, RegistrySet registries, TimeProvider time)
{
    /// <summary>Asks, remembers, and has the running LazyOCs follow. A registry that cannot be asked leaves all as it was.</summary>
    /// <returns>What must not run any more and still did.</returns>
    /// <exception cref="UserError">What was remembered is damaged.</exception>
    public async Task<ImmutableArray<Withdrawal>> RunAsync(CancellationToken cancellationToken)
    {
        var asked = ImmutableArray.CreateBuilder<PluginId>();
        var withdrawn = ImmutableArray.CreateBuilder<Withdrawal>();
        var known = store.Withdrawn().OrThrow(ExitCode.Failed);
        var installed = store.History().SelectMany(set => set.Plugins).DistinctBy(entry => (entry.Digest, entry.Signer)).GroupBy(entry => entry.Id).ToArray();
        foreach (var (plugin, client, index, publisher) in await AskAsync(installed, cancellationToken))
        {
            asked.Add(plugin.Key);
            foreach (var entry in plugin)
                if (ReasonOf(entry, index, publisher, known) is { } reason)
                    withdrawn.Add(new Withdrawal(entry.Id, entry.Version, entry.Digest, reason, client.Registry.Name, time.GetUtcNow()));
        }
        if (!store.SetWithdrawn(asked.ToImmutable(), withdrawn.ToImmutable()).OrThrow(ExitCode.Failed)) return [];
        await RunningInstances.ReloadAsync(home, null, cancellationToken);
        return [.. withdrawn.Where(now => !known.Any(before => before.Digest == now.Digest))];
    }

    /// <summary>What the registries say of each plugin that they could be asked about; without the keys where those did not come.</summary>
    private async Task<ImmutableArray<(IGrouping<PluginId, InstalledEntry> Plugin, RegistryClient Client, IndexFile? Index, PublisherFile? Publisher)>> AskAsync(
        IGrouping<PluginId, InstalledEntry>[] installed, CancellationToken cancellationToken)
    {
        var answers = new (IGrouping<PluginId, InstalledEntry>, RegistryClient, IndexFile?, PublisherFile?)?[installed.Length];
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = RegistryClientLimits.Default.Downloads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, installed.Length, bounds, async (i, token) =>
        {
            if (registries.Of(installed[i].Key) is not { } client || !(await client.IndexAsync(installed[i].Key, token)).TryGet(out var index, out _)) return;
            answers[i] = (installed[i], client, index.Value, (await client.PublisherAsync(installed[i].Key.Publisher, token)).TryGet(out var publisher, out _) ? publisher : null);
        });
        return [.. answers.OfType<(IGrouping<PluginId, InstalledEntry>, RegistryClient, IndexFile?, PublisherFile?)>()];
    }

    private static string? ReasonOf(InstalledEntry entry, IndexFile? index, PublisherFile? publisher, ImmutableArray<Withdrawal> known)
    {
        if (index?.Lines.FirstOrDefault(line => line.Digest == entry.Digest)?.Kill is { } kill) return kill;
        // Who keeps the keys back does not take back what they said.
        if (publisher is null) return known.FirstOrDefault(before => before.Digest == entry.Digest)?.Reason;
        return publisher.Keys.Revocations.FirstOrDefault(revocation => revocation.Key.ToString() == entry.Signer) is { } revoked ? $"the key it is signed with is revoked: {revoked.Reason}" : null;
    }
}
