using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests;

public sealed class IndexPropertyTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string?> Reason = Gen.Elements<string?>(null, null, "broken", "says \"quotes\" and ümlauts, \\ and /", "日本");

    private static readonly Gen<VersionRange> Range = Gen.Elements("^1.2", ">=1.0.0 <2.0.0 || 3.x", "*", "~0.1", "1.0.0-beta.1", "<0.0.0").Select(VersionRange.Parse);

    private static readonly Gen<SemanticVersion> Version =
        from major in Gen.Choose(0, 2) from minor in Gen.Choose(0, 2) from patch in Gen.Choose(0, 2) from tag in Gen.Elements("", "-a", "-a.1", "+build.1") select SemanticVersion.Parse($"{major}.{minor}.{patch}{tag}");

    private static readonly Gen<PermissionSet> Permissions =
        from verbs in Gen.SubListOf("get", "list", "watch", "delete")
        from unattended in Gen.Elements(true, false)
        from storage in Gen.Elements(null, "5MiB")
        select new PermissionSet { Kubernetes = verbs.Count == 0 ? [] : [new KubernetesRule { ApiGroups = [""], Resources = ["pods"], Verbs = [.. verbs], Unattended = unattended }], Storage = storage };

    private static readonly Gen<IndexLine> Line =
        from version in Version
        from permissions in Permissions
        from engines in Range
        from dependencies in Gen.SubListOf("acme.base", "acme.extra", "other.one")
        from range in Range
        from yanked in Reason
        from quarantined in Reason
        from deprecated in Reason
        from kill in Reason
        from fix in Reason
        from size in Gen.Choose(1, 1 << 20)
        from cooldown in Gen.Choose(0, 1_000)
        select new IndexLine
        {
            Version = version,
            Digest = Digest.Of(Encoding.UTF8.GetBytes(version.ToString())),
            Size = size,
            FilesDigest = size % 2 == 0 ? null : Digest.Of("files"u8),
            Engines = new() { Lazyoc = engines },
            Dependencies = dependencies.Aggregate(System.Collections.Immutable.ImmutableSortedDictionary<PluginId, VersionRange>.Empty, (all, id) => all.Add(PluginId.Parse(id), range)),
            Permissions = permissions,
            PermissionsDigest = permissions.ComputeDigest(),
            Published = Now.AddMinutes(size),
            CooldownHours = cooldown,
            Yanked = yanked,
            Quarantined = quarantined,
            Deprecated = deprecated is null ? null : new Deprecation { Reason = deprecated, Successor = size % 3 == 0 ? PluginId.Parse("acme.next") : null },
            SecurityFix = fix,
            VerdictDigest = size % 5 == 0 ? Digest.Of("verdict"u8) : null,
            Kill = kill,
        };

    private readonly SigningKey _root = SigningKey.Create();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Read_OfAnythingWritten_IsWhatWasWritten() => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Gen.ListOf(Line).Resize(20).ToArbitrary(), lines =>
    {
        var versions = lines.DistinctBy(line => line.Version).ToArray();
        var bytes = IndexFile.Write(SamplePlugin.Id, 1, Now, Now.AddDays(1), versions, _root);
        var index = Value(IndexFile.Read(bytes, SamplePlugin.Id, KeySet.Of(_root.PublicKey), Now));
        Assert.Equal(versions.OrderBy(line => line.Version).Select(Shown), index.Lines.Select(Shown));
        var again = IndexFile.Write(SamplePlugin.Id, 1, Now, Now.AddDays(1), index.Lines, _root);
        Assert.Equal(LinesOf(bytes), LinesOf(again));
    }));

    [Fact]
    public void Read_AnyByteChanged_IsRefused() => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (place, change) =>
    {
        var bytes = IndexFile.Write(SamplePlugin.Id, 1, Now, Now.AddDays(1), [], _root);
        var payload = Encoding.UTF8.GetString(bytes).IndexOf("\"payload\":\"", StringComparison.Ordinal) + "\"payload\":\"".Length;
        // Within the payload every byte counts; elsewhere a key id is only a hint.
        var at = payload + (place % 200);
        bytes[at] = (byte)(bytes[at] ^ change);
        Refusal(IndexFile.Read(bytes, SamplePlugin.Id, KeySet.Of(_root.PublicKey), Now));
    }));

    /// <summary>All of a line; its parts have no equality of their own.</summary>
    private static string Shown(IndexLine line) => string.Join('|', line.Version, line.Digest, line.Size, line.FilesDigest, line.Engines.Lazyoc, string.Join(',', line.Dependencies), line.PermissionsDigest, line.Permissions.ComputeDigest(), line.Published, line.CooldownHours, line.Yanked, line.Quarantined, line.Deprecated, line.SecurityFix, line.VerdictDigest, line.Kill);

    private static string LinesOf(byte[] index)
    {
        var text = Encoding.UTF8.GetString(index);
        return text[text.IndexOf('\n', StringComparison.Ordinal)..];
    }
}
