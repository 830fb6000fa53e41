using System.Security.Cryptography;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Secrets;

namespace LazyOC.Plugins.Sandbox.Tests.Secrets;

public sealed class SecretStoreTests : IDisposable
{
    private const string Value = "correct horse \"battery\" staple";

    private static readonly PluginId Plugin = PluginId.Parse("acme.prometheus");
    private static readonly PluginId Other = PluginId.Parse("acme.other");

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-secrets-").FullName;
    private readonly List<string> _warnings = [];

    private string Folder => Path.Combine(_home, "secrets");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Set_ThenGetInAnotherProcess_GivesIt()
    {
        Assert.Null(Open().Set(Plugin, "token", Value));

        Assert.Equal(Value, Open().Get(Plugin, "token"));
        Assert.Equal(["token"], Open().NamesOf(Plugin).ToArray());
        Assert.Null(Open().Get(Other, "token"));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Set_OnDisk_IsEncryptedAndForThisUserAlone()
    {
        Open().Set(Plugin, "token", Value);

        var files = Directory.GetFiles(Folder);
        Assert.Equal(["acme.prometheus.json", "key"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.DoesNotContain("horse", Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in files) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public void Get_FromAnotherPluginsFile_CountsAsUnset()
    {
        Open().Set(Plugin, "token", Value);
        File.Copy(Path.Combine(Folder, "acme.prometheus.json"), Path.Combine(Folder, "acme.other.json"));

        Assert.Null(Open().Get(Other, "token"));
        Assert.Equal("the secret `token` of acme.other counts as unset: it cannot be decrypted with the key of this home", Assert.Single(_warnings));
    }

    [Fact]
    public void Get_WithAnotherKeyOrDamage_CountsAsUnsetAndSaysSo()
    {
        Open().Set(Plugin, "token", Value);
        File.WriteAllBytes(Path.Combine(Folder, "key"), RandomNumberGenerator.GetBytes(32));
        Assert.Null(Open().Get(Plugin, "token"));
        File.WriteAllBytes(Path.Combine(Folder, "key"), [1, 2, 3]);
        Assert.Null(Open().Get(Plugin, "token"));
        File.WriteAllText(Path.Combine(Folder, "acme.prometheus.json"), "{");
        Assert.Null(Open().Get(Plugin, "token"));

        Assert.Equal(3, _warnings.Count);
        Assert.DoesNotContain(_warnings, w => w.Contains("horse", StringComparison.Ordinal));
    }

    [Fact]
    public void Set_Twice_UsesAnotherNonce()
    {
        var store = Open();
        store.Set(Plugin, "token", Value);
        var first = File.ReadAllText(Path.Combine(Folder, "acme.prometheus.json"));
        store.Set(Plugin, "token", Value);

        Assert.NotEqual(first, File.ReadAllText(Path.Combine(Folder, "acme.prometheus.json")));
    }

    [Fact]
    public void Set_BesideAnotherProcess_KeepsItsSecret()
    {
        var (one, two) = (Open(), Open());
        Assert.Empty(one.NamesOf(Plugin).ToArray());
        two.Set(Plugin, "b", "the other secret");
        one.Set(Plugin, "a", Value);

        Assert.Equal(["a", "b"], Open().NamesOf(Plugin).ToArray());
        Assert.Equal(["a"], two.Reload(Plugin).ToArray());
        Assert.Equal(Value, two.Get(Plugin, "a"));
    }

    [Fact]
    public void Remove_AndRemoveAll_Forget()
    {
        var store = Open();
        store.Set(Plugin, "a", Value);
        store.Set(Plugin, "b", Value);

        Assert.Null(store.Remove(Plugin, "a"));
        Assert.Equal(["b"], Open().NamesOf(Plugin).ToArray());
        store.RemoveAll(Plugin);
        Assert.Empty(Open().NamesOf(Plugin));
        Assert.Empty(store.NamesOf(Plugin).ToArray());
    }

    [Theory]
    [InlineData("abc", "has fewer than 4 characters")]
    [InlineData(null, "has more than 16,384 characters")]
    public void Set_OutOfBounds_IsRefusedWithoutRepeatingIt(string? value, string reason)
    {
        var problem = Open().Set(Plugin, "token", value ?? new string('x', 20_000));

        Assert.StartsWith(reason, problem?.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void Redact_OfAnyText_LeavesNoSecretAndNothingElseOut()
    {
        var store = Open();
        store.Set(Plugin, "token", Value);
        store.Set(Plugin, "short", "horse");

        Assert.Equal("a [secret] b [secret] c", store.Redact(Plugin, $"a {Value} b horse c"));
        Assert.Equal("{\"t\":\"[secret]\"}", store.Redact(Plugin, $$"""{"t":"{{System.Text.Json.JsonEncodedText.Encode(Value)}}"}"""));
        Assert.Equal(Value, store.Redact(Other, Value));
    }

    private SecretStore Open() => new(Folder, new SandboxLimits(), RandomNumberGenerator.Fill, _warnings.Add);
}
