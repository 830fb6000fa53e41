using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests;

public sealed class RegistryConfigTests : IDisposable
{
    private readonly SigningKey _root = SigningKey.Create();

    public void Dispose() => _root.Dispose();

    private RegistryConfig Config => new() { ConfigVersion = 1, Name = "Acme", Packages = RegistryPaths.Packages, Keys = [_root.PublicKey], Threshold = 1, Features = ["search"], ApiRoot = "v1/api" };

    private static Outcome<RegistryConfig> Read(RegistryConfig config, RegistryLimits? limits = null) => RegistryConfig.Read(config.ToUtf8(), limits);

    [Fact]
    public void Read_Written_IsTheSame()
    {
        var read = Value(Read(Config));
        Assert.Equal(Encoding.UTF8.GetString(Config.ToUtf8()), Encoding.UTF8.GetString(read.ToUtf8()));
        Assert.Equal([_root.PublicKey], read.Roots.Keys.AsEnumerable());
    }

    [Fact]
    public void PlaceOf_Template_IsBelowTheRootOrElsewhere()
    {
        var digest = Digest.Of("x"u8);
        var root = new Uri("https://plugins.example.com/acme/");
        Assert.Equal($"https://plugins.example.com/acme/v1/packages/{digest}.lzp", new Uri(root, Config.PlaceOf(digest)).ToString());
        Assert.Equal($"https://plugins.example.com/acme/v1/packages/{digest}.lzp.dsse.json", new Uri(root, Config.PlaceOf(digest) + PackageSignatures.Extension).ToString());
        var elsewhere = Value(Read(Config with { Packages = "https://cdn.example.com/{digest}" }));
        Assert.Equal($"https://cdn.example.com/{digest}", new Uri(root, elsewhere.PlaceOf(digest)).ToString());
        Assert.Equal($"/srv/r/v1/packages/{digest}.lzp", new Uri(new Uri("file:///srv/r/"), Config.PlaceOf(digest)).LocalPath);
    }

    [Theory]
    [InlineData("file:///etc/{digest}")]
    [InlineData("//evil/share/{digest}")]
    [InlineData("\\\\evil\\share\\{digest}")]
    [InlineData("/etc/{digest}")]
    [InlineData("../{digest}")]
    [InlineData("v1/../../{digest}")]
    [InlineData("javascript:{digest}")]
    [InlineData("http://{digest}:x/")]
    public void Read_TemplateThatLeadsAway_IsRefused(string packages) => Assert.StartsWith("`packages` is neither a web address nor a path", Refusal(Read(Config with { Packages = packages })), StringComparison.Ordinal);

    [Fact]
    public void Read_Senseless_SaysWhere()
    {
        Assert.StartsWith("`packages` has no `{digest}`", Refusal(Read(Config with { Packages = "v1/packages" })), StringComparison.Ordinal);
        Assert.StartsWith("`apiRoot` is neither", Refusal(Read(Config with { ApiRoot = "file:///x" })), StringComparison.Ordinal);
        Assert.StartsWith("`configVersion` is 2; this LazyOC reads version 1\nhint: a newer", Refusal(Read(Config with { ConfigVersion = 2 })), StringComparison.Ordinal);
        Assert.StartsWith("`name` is empty", Refusal(Read(Config with { Name = " " })), StringComparison.Ordinal);
        Assert.StartsWith("`features` has a control character", Refusal(Read(Config with { Features = ["a\u001b"] })), StringComparison.Ordinal);
        Assert.Equal("`threshold` is 0; there are 1 different keys", Refusal(Read(Config with { Threshold = 0 })));
        Assert.Equal("`threshold` is 2; there are 1 different keys", Refusal(Read(Config with { Threshold = 2, Keys = [_root.PublicKey, _root.PublicKey] })));
        Assert.StartsWith("`color` is not a known key\nhint: a newer LazyOC may read it", Refusal(RegistryConfig.Read(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Config.ToUtf8()).Replace("{\"configVersion\"", "{\"color\":1,\"configVersion\"", StringComparison.Ordinal)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BeyondALimit_IsRefusedAndWithinIsRead()
    {
        var length = Config.ToUtf8().Length;
        Value(Read(Config, new RegistryLimits(MaxConfigBytes: length, MaxKeys: 1, MaxFeatures: 1, MaxTextChars: RegistryPaths.Packages.Length)));
        Refusal(Read(Config, new RegistryLimits(MaxConfigBytes: length - 1)));
        Refusal(Read(Config, new RegistryLimits(MaxKeys: 0)));
        Refusal(Read(Config, new RegistryLimits(MaxFeatures: 0)));
        Refusal(Read(Config, new RegistryLimits(MaxTextChars: RegistryPaths.Packages.Length - 1)));
    }
}
