using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests;

public sealed class IndexFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly IndexLine First = IndexLine.Of(SamplePlugin.Package(), Now);
    private static readonly IndexLine Second = IndexLine.Of(SamplePlugin.Package(version: "1.1.0"), Now);

    private readonly SigningKey _root = SigningKey.Create();
    private readonly SigningKey _other = SigningKey.Create();

    public void Dispose()
    {
        _root.Dispose();
        _other.Dispose();
    }

    private byte[] Written(long sequence = 5, params IndexLine[] lines) => IndexFile.Write(SamplePlugin.Id, sequence, Now, Now.AddDays(7), lines.Length == 0 ? [Second, First] : lines, _root);

    private Outcome<IndexFile> Read(byte[] bytes, long lastSeen = 0, DateTimeOffset? now = null, RegistryLimits? limits = null) =>
        IndexFile.Read(bytes, SamplePlugin.Id, KeySet.Of(_root.PublicKey), now ?? Now, lastSeen, limits);

    /// <summary>Lines as a registry may have written them, signed by its key.</summary>
    private byte[] Signed(string lines, int count, string more = "", SigningKey? key = null, string payloadType = IndexFile.PayloadType)
    {
        var header = $$"""{"id":"acme.demo","sequence":5,"issued":"2026-03-01T12:00:00Z","expires":"2026-03-08T12:00:00Z","lines":{{count}},"digest":"{{Digest.Of(Encoding.UTF8.GetBytes(lines))}}"{{more}}}""";
        return [.. DsseEnvelope.Sign(payloadType, Encoding.UTF8.GetBytes(header), key ?? _root).ToUtf8(), .. Encoding.UTF8.GetBytes("\n" + lines)];
    }

    /// <summary>The lines below the header.</summary>
    private string Lines(params IndexLine[] lines)
    {
        var text = Encoding.UTF8.GetString(Written(lines: lines));
        return text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    [Fact]
    public void Read_Written_HasTheLowestVersionFirst()
    {
        var index = Value(Read(Written()));
        Assert.Equal(["1.0.0", "1.1.0"], index.Lines.Select(line => line.Version.ToString()));
        Assert.Equal((5, 2), (index.Header.Sequence, index.Header.Lines));
        Value(Read(Signed(Lines(First, Second), 2)));
    }

    [Fact]
    public void Read_NotSignedByTheRegistry_IsRefused()
    {
        Assert.Equal("`index of acme.demo: signatures` have none of a trusted key", Refusal(Read(Signed(Lines(First), 1, key: _other))));
        Value(Read(Signed(Lines(First), 1, key: _root)));
    }

    [Fact]
    public void Read_Threshold_CountsDifferentKeys()
    {
        var roots = new KeySet([_root.PublicKey, _other.PublicKey], 2);
        byte[] By(params SigningKey[] keys) => IndexFile.Write(SamplePlugin.Id, 1, Now, Now.AddDays(1), [First], keys);
        Assert.Contains("are of 1 trusted keys; 2 have to sign", Refusal(IndexFile.Read(By(_root, _root), SamplePlugin.Id, roots, Now)), StringComparison.Ordinal);
        Value(IndexFile.Read(By(_root, _other), SamplePlugin.Id, roots, Now));
    }

    [Fact]
    public void Read_SignedAsAnotherKindOfDocument_IsRefused() =>
        Assert.Equal($"`index of acme.demo: payloadType` is not `{IndexFile.PayloadType}`", Refusal(Read(Signed(Lines(First), 1, payloadType: PublisherFile.PayloadType))));

    [Fact]
    public void Read_Expired_IsRefused()
    {
        var bytes = Written();
        Assert.StartsWith("`index of acme.demo` is refused: it expired at 2026-03-08 12:00 UTC: an old state is shown", Refusal(Read(bytes, now: Now.AddDays(7))), StringComparison.Ordinal);
        Value(Read(bytes, now: Now.AddDays(7).AddTicks(-1)));
    }

    [Fact]
    public void Read_FromTheFuture_IsRefusedBeyondTheSkewOfClocks()
    {
        Assert.Contains("which is in the future", Refusal(Read(Written(), now: Now.AddMinutes(-11))), StringComparison.Ordinal);
        Value(Read(Written(), now: Now.AddMinutes(-10)));
    }

    [Fact]
    public void Read_OtherPlugin_IsRefused()
    {
        var other = IndexFile.Write(PluginId.Parse("acme.other"), 1, Now, Now.AddDays(1), [First], _root);
        Assert.StartsWith("`index of acme.demo` is the index of acme.other", Refusal(Read(other)), StringComparison.Ordinal);
        Value(IndexFile.Read(other, PluginId.Parse("acme.other"), KeySet.Of(_root.PublicKey), Now));
    }

    [Fact]
    public void Read_LinesChanged_IsRefusedUnlessSignedAnew()
    {
        var text = Encoding.UTF8.GetString(Written());
        var changed = text.Replace("\"size\":", "\"size\": ", StringComparison.Ordinal);
        Assert.NotEqual(text, changed);
        Assert.StartsWith("`index of acme.demo` was changed after it was signed", Refusal(Read(Encoding.UTF8.GetBytes(changed))), StringComparison.Ordinal);
        Value(Read(Signed(changed[(changed.IndexOf('\n', StringComparison.Ordinal) + 1)..], 2)));
    }

    [Fact]
    public void Read_LinesRemovedOrAdded_IsRefused()
    {
        var text = Encoding.UTF8.GetString(Written());
        var lines = text.Split('\n');
        foreach (var changed in new[] { string.Join('\n', lines[0], lines[1], ""), lines[0] + "\n", text + lines[2] + "\n", text.TrimEnd('\n'), text + "\n" })
            Assert.Contains("was changed after it was signed", Refusal(Read(Encoding.UTF8.GetBytes(changed))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HeaderOfAnEarlierIndex_IsRefused()
    {
        var earlier = Encoding.UTF8.GetString(Written(sequence: 4, First)).Split('\n');
        var later = Encoding.UTF8.GetString(Written(sequence: 5, First, Second)).Split('\n');
        Assert.Contains("was changed after it was signed", Refusal(Read(Encoding.UTF8.GetBytes(string.Join('\n', [later[0], .. earlier[1..]])))), StringComparison.Ordinal);
        Assert.Contains("was changed after it was signed", Refusal(Read(Encoding.UTF8.GetBytes(string.Join('\n', [earlier[0], .. later[1..]])))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LowerSequenceThanBefore_IsRefused()
    {
        Assert.Equal(
            "`index of acme.demo: sequence` is 5, and 6 was seen before: an older document is shown again\nhint: try again later; if it stays so, tell those who run the registry",
            Refusal(Read(Written(), lastSeen: 6)));
        Value(Read(Written(), lastSeen: 5));
        Value(Read(Written(), lastSeen: 4));
    }

    [Fact]
    public void Read_SequenceFarAhead_IsRefused()
    {
        var step = RegistryLimits.Default.MaxSequenceStep;
        Value(Read(Written(sequence: step + 5), lastSeen: 5));
        Assert.Contains("somebody may have used its key", Refusal(Read(Written(sequence: step + 6), lastSeen: 5)), StringComparison.Ordinal);
        Assert.Contains("more than", Refusal(Read(Written(sequence: long.MaxValue))), StringComparison.Ordinal);
        Assert.Contains("it counts from 1", Refusal(Read(Written(sequence: 0))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnknownMember_SaysThatANewerLazyOcMayReadIt()
    {
        var line = Lines(First).Replace("{\"version\"", "{\"color\":1,\"version\"", StringComparison.Ordinal);
        Assert.StartsWith("`index of acme.demo: line 2: color` is not a known key\nhint: a newer LazyOC may read it", Refusal(Read(Signed(line, 1))), StringComparison.Ordinal);
        Assert.StartsWith("`index of acme.demo: color` is not a known key\nhint: a newer LazyOC may read it", Refusal(Read(Signed(Lines(First), 1, ",\"color\":1"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SameVersionTwice_IsRefused()
    {
        var twice = Lines(First) + Lines(First).Replace("\"version\":\"1.0.0\"", "\"version\":\"1.0.0+build.2\"", StringComparison.Ordinal);
        Assert.Equal("`index of acme.demo: line 3: version` 1.0.0+build.2 is there twice (build metadata does not tell versions apart)", Refusal(Read(Signed(twice, 2))));
        Assert.Contains("1.0.0 comes after 1.1.0; the lowest version is first", Refusal(Read(Signed(Lines(Second) + Lines(First), 2))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OtherCountThanTheHeaders_IsRefused()
    {
        Assert.Contains("is one more than the 1 that the header counts", Refusal(Read(Signed(Lines(First, Second), 1))), StringComparison.Ordinal);
        Assert.Contains("has 2 versions; the header counts 3", Refusal(Read(Signed(Lines(First, Second), 3))), StringComparison.Ordinal);
        Assert.Contains("line 3` does not end", Refusal(Read(Signed(Lines(First, Second).TrimEnd('\n'), 2))), StringComparison.Ordinal);
        Assert.Empty(Value(Read(Signed("", 0))).Lines);
    }

    [Theory]
    [InlineData("\"size\":", "\"size\":0,\"x\":", "size` is 0")]
    [InlineData("\"cooldownHours\":0", "\"cooldownHours\":-1", "cooldownHours` is -1")]
    [InlineData("\"cooldownHours\":0", "\"cooldownHours\":0,\"yanked\":\"\"", "yanked` is empty")]
    [InlineData("\"cooldownHours\":0", "\"cooldownHours\":0,\"kill\":\"a\\u001bb\"", "kill` has a control character")]
    [InlineData("\"verbs\":[\"get\"]", "\"verbs\":[\"get\",\"delete\"]", "permissionsDigest` is not that of `permissions`")]
    [InlineData("\"permissions\":", "\"permission\":", "permission` is not a known key")]
    public void Read_SenselessLine_SaysWhere(string from, string to, string problem)
    {
        var line = Lines(First);
        var changed = line.Replace(from, to, StringComparison.Ordinal);
        if (to.Contains("\"x\":", StringComparison.Ordinal)) changed = line.Replace($"\"size\":{First.Size}", "\"size\":0", StringComparison.Ordinal);
        Assert.NotEqual(line, changed);
        Assert.Contains(problem, Refusal(Read(Signed(changed, 1))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BeyondALimit_IsRefusedAndWithinIsRead()
    {
        var bytes = Written();
        var longest = Lines(First).Length;
        Value(Read(bytes, limits: new RegistryLimits(MaxIndexBytes: bytes.Length, MaxVersions: 2, MaxIndexLineBytes: longest, MaxPackageBytes: (int)Math.Max(First.Size, Second.Size), MaxValidityDays: 7)));
        Assert.Contains("bytes; at most", Refusal(Read(bytes, limits: new RegistryLimits(MaxIndexBytes: bytes.Length - 1))), StringComparison.Ordinal);
        Assert.Contains("has 2 versions; at most 1 are allowed", Refusal(Read(bytes, limits: new RegistryLimits(MaxVersions: 1))), StringComparison.Ordinal);
        Assert.Contains("the document has", Refusal(Read(bytes, limits: new RegistryLimits(MaxIndexLineBytes: longest - 20))), StringComparison.Ordinal);
        Assert.Contains("size` is", Refusal(Read(bytes, limits: new RegistryLimits(MaxPackageBytes: 10))), StringComparison.Ordinal);
        Assert.Contains("more than 6 days after", Refusal(Read(bytes, limits: new RegistryLimits(MaxValidityDays: 6))), StringComparison.Ordinal);
        var withReason = Written(lines: First with { Yanked = "broken" });
        Value(Read(withReason, limits: new RegistryLimits(MaxTextChars: 6)));
        Assert.Contains("yanked` has 6 characters; at most 5 are allowed", Refusal(Read(withReason, limits: new RegistryLimits(MaxTextChars: 5))), StringComparison.Ordinal);
        var cooling = Written(lines: First with { CooldownHours = 72 });
        Value(Read(cooling, limits: new RegistryLimits(MaxCooldownHours: 72)));
        Assert.Contains("cooldownHours` is 72", Refusal(Read(cooling, limits: new RegistryLimits(MaxCooldownHours: 71))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>Sign in</body></html>")]
    [InlineData("<html>\n</html>\n")]
    [InlineData("\n\n")]
    public void Read_NoIndexAtAll_IsRefused(string text) => Assert.StartsWith("`index of acme.demo`", Refusal(Read(Encoding.UTF8.GetBytes(text))), StringComparison.Ordinal);

    [Fact]
    public void Difference_PackageAndItsLine_IsNone()
    {
        const string dependent = ""","dependencies":{"acme.base":"^1.0"},"optionalDependencies":{"acme.extra":"*"}""";
        var package = SamplePlugin.Package(more: dependent);
        var line = IndexLine.Of(package, Now);
        Assert.Null(line.Difference(package));
        Assert.Contains("is another package", line.Difference(SamplePlugin.Package(code: "evil();", more: dependent))!.Message, StringComparison.Ordinal);
        Assert.Contains("other `engines`", (line with { Engines = new() { Lazyoc = Plugins.Contracts.Versions.VersionRange.Parse("^2.0") } }).Difference(package)!.Message, StringComparison.Ordinal);
        Assert.Contains("other `dependencies`", (line with { Dependencies = line.Dependencies.Clear() }).Difference(package)!.Message, StringComparison.Ordinal);
        Assert.Contains("other `optionalDependencies`", (line with { OptionalDependencies = line.OptionalDependencies.Clear() }).Difference(package)!.Message, StringComparison.Ordinal);
        Assert.Contains("other `permissions`", (line with { PermissionsDigest = Digest.Of("x"u8) }).Difference(package)!.Message, StringComparison.Ordinal);
        Assert.Contains("other `version`", (line with { Version = Second.Version }).Difference(package)!.Message, StringComparison.Ordinal);
    }
}
