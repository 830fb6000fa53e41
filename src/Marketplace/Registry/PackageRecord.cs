using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Registry;

/// <summary>What the records say of a package that was published here.</summary>
internal sealed record PackageRecord
{
    public string PluginId { get; init; } = "";

    public string VersionKey { get; init; } = "";

    public string Version { get; init; } = "";

    public long Size { get; init; }

    public string State { get; init; } = "";

    public string Signatures { get; init; } = "";

    public string? Admission { get; init; }

    public string? Quarantined { get; init; }

    public string? Kill { get; init; }

    /// <summary>Who sees the plugin, of those who include who asks.</summary>
    public Visible Visible { get; private init; }

    public VersionKey Key => new(PluginId, VersionKey);

    /// <summary>Why it is not given to who asks; null when it is. What is not public yet is as if it were not there.</summary>
    public Refusal? WhyNot =>
        Admission is null || Visible == Visible.No ? RegistryEndpoints.NoFile
        : Kill is not null || Quarantined is not null || State != "live" ? new Refusal(ProblemTypes.Gone, Kill ?? Quarantined ?? "its author has taken it back")
        : null;

    /// <summary>Looks a package up for who asks; null when none of this digest was published here.</summary>
    public static async Task<PackageRecord?> FindAsync(Sql sql, Digest digest, Sight sight)
    {
        var found = await sql.FirstAsync<PackageRecord>("SELECT plugin_id, version_key, version, size, state, signatures, admission, quarantined, kill FROM versions WHERE digest = @Digest", new { Digest = digest.ToString() });
        return found is null ? null : found with { Visible = await sight.OfAsync(sql, LazyOC.Plugins.Contracts.PluginId.Parse(found.PluginId)) };
    }
}
