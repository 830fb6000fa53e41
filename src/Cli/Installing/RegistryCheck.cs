using System.Collections.Immutable;
using LazyOC.Cli.Control;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Installing;

/// <summary>Asks the registries what they say of what is installed: killed versions and revoked keys. It only ever narrows.</summary>
internal sealed class RegistryCheck(Home home, PluginStore store, RegistrySet registries, TimeProvider time)
{
    /// <summary>Asks, remembers, and has the running LazyOCs follow. A registry that cannot be asked leaves all as it was.</summary>
    /// <returns>What must not run any more and still did.</returns>
    /// <exception cref="UserError">What was remembered is damaged.</exception>
    public async Task<ImmutableArray<Withdrawal>> RunAsync(CancellationToken cancellationToken)
    {
        var current = store.Current().OrThrow(ExitCode.Failed);
        var asked = ImmutableArray.CreateBuilder<PluginId>();
        var withdrawn = ImmutableArray.CreateBuilder<Withdrawal>();
        foreach (var entry in current.Plugins)
        {
            if (registries.Of(entry.Id) is not { } client || !(await client.IndexAsync(entry.Id, cancellationToken)).TryGet(out var index, out _) || !(await client.PublisherAsync(entry.Id.Publisher, cancellationToken)).TryGet(out var publisher, out _)) continue;
            asked.Add(entry.Id);
            var kill = index.Value?.Lines.FirstOrDefault(line => line.Digest == entry.Digest)?.Kill;
            var revoked = publisher.Value?.Keys.Revocations.FirstOrDefault(revocation => revocation.Key.ToString() == entry.Signer);
            if ((kill ?? (revoked is null ? null : $"the key it is signed with is revoked: {revoked.Reason}")) is { } reason)
                withdrawn.Add(new Withdrawal(entry.Id, entry.Version, entry.Digest, reason, client.Registry.Name, time.GetUtcNow()));
        }
        var known = store.Withdrawn().OrThrow(ExitCode.Failed);
        if (!store.SetWithdrawn(asked.ToImmutable(), withdrawn.ToImmutable()).OrThrow(ExitCode.Failed)) return [];
        await RunningInstances.ReloadAsync(home, null, cancellationToken);
        return [.. withdrawn.Where(now => !known.Any(before => before.Digest == now.Digest))];
    }
}
