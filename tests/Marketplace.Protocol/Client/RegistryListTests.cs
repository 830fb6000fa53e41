using System.Text;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary><c>registries.json</c>, and which registry a plugin comes from.</summary>
public sealed class RegistryListTests : IDisposable
{
    private readonly SigningKey _key = SigningKey.Create();

    public void Dispose() => _key.Dispose();

    private string Key => $"\"{Convert.ToBase64String(_key.PublicKey.SubjectPublicKeyInfo.Span)}\"";

    private static Outcome<RegistryList> Read(string json) => RegistryList.Read(Encoding.UTF8.GetBytes(json));

    private RegistryEntry Entry(string name, string url = "https://plugins.example/", params string[] publishers) =>
        new() { Name = name, Url = new Uri(url), Keys = [_key.PublicKey], Publishers = publishers.Length == 0 ? ["*"] : [.. publishers] };

    private static RegistryList List(params RegistryEntry[] entries) => new() { RegistriesVersion = 1, Registries = [.. entries] };

    [Fact]
    public void Read_Written_IsTheSame()
    {
        var list = List(Entry("corp", "https://plugins.corp.example/acme", "corp", "corp-*"), Entry("local", "file:///srv/plugins")) with { Trust = "strict" };
        var read = Value(RegistryList.Read(list.ToUtf8()));
        Assert.Equal(list.ToUtf8(), read.ToUtf8());
        Assert.Equal(TrustMode.Strict, read.Mode);
        Assert.Equal([_key.PublicKey], read.Registries[0].Roots.Keys.AsEnumerable());
    }

    [Fact]
    public void Read_OnlyWhatIsRequired_TakesEveryPublisherAndTheDefaultTrust()
    {
        var read = Value(Read($$"""{"registriesVersion":1,"registries":[{"name":"a","url":"https://a.example","keys":[{{Key}}],"threshold":1}]}"""));
        Assert.Equal((TrustMode.Default, "*"), (read.Mode, Assert.Single(read.Registries[0].Publishers)));
        Assert.Empty(Value(Read("""{"registriesVersion":1}""")).Registries);
    }

    [Theory]
    [InlineData("", "the document is not JSON at line 1, byte 1")]
    [InlineData("null", "the document is `null`")]
    [InlineData("[]", "the document is an array")]
    [InlineData("{}", "`registriesVersion` is missing")]
    [InlineData("""{"registriesVersion":2}""", "`registriesVersion` is 2; this LazyOC reads version 1\nhint: a newer LazyOC may read it")]
    [InlineData("""{"registriesVersion":1,"trust":"dev"}""", "`trust` is `dev`; expected `default` or `strict`")]
    [InlineData("""{"registriesVersion":1,"trust":null}""", "`trust` ")]
    [InlineData("""{"registriesVersion":1,"color":1}""", "`color` is not a known key")]
    [InlineData("""{"registriesVersion":1,"trust":"default","trust":"strict"}""", "`trust` ")]
    [InlineData("""{"registriesVersion":1,"registries":[null]}""", "`registries[0]` ")]
    [InlineData("""{"registriesVersion":1,"registries":[{}]}""", "`registries[0].name` is missing")]
    [InlineData("""{"registriesVersion":1} {}""", "the document is not JSON at line 1, byte ")]
    public void Read_Broken_SaysWhatAndWhere(string json, string expected) => Assert.StartsWith(expected, Refusal(Read(json)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"name\":\"a\"", "\"name\":\"../a\"", "`registries[0].name` is no name\nhint: write lower-case letters, digits and hyphens")]
    [InlineData("\"name\":\"a\"", "\"name\":\"\"", "`registries[0].name` is no name")]
    [InlineData("\"name\":\"a\"", "\"name\":null", "`registries[0].name` ")]
    [InlineData("https://a.example", "http://a.example", "`registries[0].url` is not an address of a registry\nhint: it begins with `https://` or `file://`; `http://` is for this machine only")]
    [InlineData("https://a.example", "ftp://a.example", "`registries[0].url` is not an address")]
    [InlineData("https://a.example", "a.example", "`registries[0].url` is not an address")]
    [InlineData("\"threshold\":1", "\"threshold\":0", "`registries[0].threshold` is 0; there are 1 keys")]
    [InlineData("\"threshold\":1", "\"threshold\":2", "`registries[0].threshold` is 2; there are 1 keys")]
    [InlineData("\"threshold\":1", "\"threshold\":\"1\"", "`registries[0].threshold` ")]
    [InlineData("\"threshold\":1,", "", "`registries[0].threshold` is missing")]
    [InlineData("KEY", "null", "`registries[0].keys[0]` ")]
    [InlineData("KEY", "\"AAAA\"", "`registries[0].keys")]
    [InlineData("[KEY]", "null", "`registries[0].keys` ")]
    [InlineData("[KEY]", "[]", "`registries[0].threshold` is 1; there are 0 keys")]
    [InlineData("[\"*\"]", "[]", "`registries[0].publishers` is empty, so no plugin comes from it\nhint: `*` is for every publisher")]
    [InlineData("[\"*\"]", "[null]", "`registries[0].publishers[0]` ")]
    public void Read_BrokenEntry_SaysWhatAndWhere(string from, string to, string expected)
    {
        const string good = """{"registriesVersion":1,"registries":[{"name":"a","url":"https://a.example","keys":[KEY],"threshold":1,"publishers":["*"]}]}""";
        Value(Read(good.Replace("KEY", Key, StringComparison.Ordinal)));
        Assert.Contains(from, good, StringComparison.Ordinal);
        Assert.StartsWith(expected, Refusal(Read(good.Replace(from, to, StringComparison.Ordinal).Replace("KEY", Key, StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TheSameKeyTwice_DoesNotReachTheThreshold()
    {
        var twice = List(Entry("a") with { Keys = [_key.PublicKey, _key.PublicKey], Threshold = 2 });
        Assert.Equal("`registries[0].threshold` is 2; there are 1 keys", Refusal(RegistryList.Read(twice.ToUtf8())));
        using var second = SigningKey.Create();
        Value(RegistryList.Read(List(Entry("a") with { Keys = [_key.PublicKey, second.PublicKey], Threshold = 2 }).ToUtf8()));
    }

    [Fact]
    public void Read_TwoOfOneName_IsRefused() =>
        Assert.Equal("`registries[1].name` is `a`, as another's is", Refusal(RegistryList.Read(List(Entry("a"), Entry("a", "https://b.example")).ToUtf8())));

    [Fact]
    public void Read_TooMany_IsRefused()
    {
        RegistryList Of(int count) => List([.. Enumerable.Range(0, count).Select(number => Entry($"r{number}"))]);
        Value(RegistryList.Read(Of(50).ToUtf8()));
        Assert.Equal("`registries` has 51 entries; at most 50 are allowed", Refusal(RegistryList.Read(Of(51).ToUtf8())));
        Assert.StartsWith("the document has 1,048,577 bytes; at most 1,048,576 are allowed", Refusal(RegistryList.Read(new byte[(1 << 20) + 1])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("corp.tool", "corp")]
    [InlineData("corp-eu.tool", "corp")]
    [InlineData("corpse.tool", "public")]
    [InlineData("team.tool", "team")]
    [InlineData("acme.tool", "public")]
    public void Of_Publisher_IsTheFirstThatHoldsIt(string id, string name) =>
        Assert.Equal(name, List(Entry("corp", publishers: ["corp", "corp-*"]), Entry("team", publishers: ["team", "corp"]), Entry("public"), Entry("last")).Of(PluginId.Parse(id))?.Name);

    [Fact]
    public void Of_PublisherThatNobodyHolds_IsNone()
    {
        Assert.Null(List(Entry("corp", publishers: ["corp"])).Of(PluginId.Parse("acme.tool")));
        Assert.Null(RegistryList.None.Of(PluginId.Parse("acme.tool")));
    }
}
