using System.Collections.Immutable;
using LazyOC.Cli.Control;
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
        foreach (var plugin in store.History().SelectMany(set => set.Plugins).DistinctBy(entry => (entry.Digest, entry.Signer)).GroupBy(entry => entry.Id))
        {
            if (registries.Of(plugin.Key) is not { } client) continue;
            if (!(await client.IndexAsync(plugin.Key, cancellationToken)).TryGet(out var index, out _)) continue;
            if (!(await client.PublisherAsync(plugin.Key.Publisher, cancellationToken)).TryGet(out var publisher, out _)) continue;
            asked.Add(plugin.Key);
            foreach (var entry in plugin)
            {
                var kill = index.Value?.Lines.FirstOrDefault(line => line.Digest == entry.Digest)?.Kill;
                var revoked = publisher.Keys.Revocations.FirstOrDefault(revocation => revocation.Key.ToString() == entry.Signer);
                if ((kill ?? (revoked is null ? null : $"the key it is signed with is revoked: {revoked.Reason}")) is { } reason)
                    withdrawn.Add(new Withdrawal(entry.Id, entry.Version, entry.Digest, reason, client.Registry.Name, time.GetUtcNow()));
            }
        }
        var known = store.Withdrawn().OrThrow(ExitCode.Failed);
        if (!store.SetWithdrawn(asked.ToImmutable(), withdrawn.ToImmutable()).OrThrow(ExitCode.Failed)) return [];
        await RunningInstances.ReloadAsync(home, null, cancellationToken);
        return [.. withdrawn.Where(now => !known.Any(before => before.Digest == now.Digest))];
    }
}
