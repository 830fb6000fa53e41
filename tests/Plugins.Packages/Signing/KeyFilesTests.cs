using System.Security.Cryptography;
using System.Text;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Plugins.Packages.Tests.Signing.Outcomes;

namespace LazyOC.Plugins.Packages.Tests.Signing;

public sealed class KeyFilesTests : IDisposable
{
    private const string Passphrase = "correct horse";

    private static readonly SigningLimits Quick = new(PassphraseIterations: 1_000, MaxKeys: 4, MaxReasonChars: 20);

    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    private string Folder => Path.Combine(_home.Path, "keys");

    private KeyFiles Keys => new(Folder, TimeProvider.System, Quick);

    private string Document(string name) => File.ReadAllText(Path.Combine(Folder, name + ".json"));

    [Fact]
    public void List_NoFolder_IsEmptyAndMakesNone()
    {
        Assert.Empty(Value(Keys.List()));
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void Create_Key_OpensWithItsPassphraseOnly()
    {
        var stored = Value(Keys.Create("acme", Passphrase));
        using var key = Value(Keys.Open("acme", Passphrase));
        Assert.Equal(stored.PublicKey, key.PublicKey);
        Assert.Equal(stored.PublicKey, Assert.Single(Value(Keys.List())).PublicKey);
        Assert.Contains("the passphrase is another one", Refusal(Keys.Open("acme", "another one")), StringComparison.Ordinal);
        Assert.Equal("`other` is not the name of a key that is here\nhint: `lazyoc keys list` shows them, `lazyoc keys new` makes one", Refusal(Keys.Open("other", Passphrase)));
        Refusal(Keys.Open("../keys/acme", Passphrase));
    }

    [Fact]
    public void Import_Key_IsAtRestOnlyEncrypted()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = Value(SigningKey.FromPem(ecdsa.ExportPkcs8PrivateKeyPem(), null));
        Value(Keys.Import("acme", key, Passphrase));
        var secret = ecdsa.ExportParameters(includePrivateParameters: true).D!;
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            var bytes = File.ReadAllBytes(file);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(secret));
            // Every run of base64 in the file, decoded at each of the four offsets.
            foreach (var run in Encoding.UTF8.GetString(bytes).Replace("\\n", "", StringComparison.Ordinal).Replace("\\u002B", "+", StringComparison.Ordinal).Split('"', '-', ' ', ':'))
                for (var offset = 0; offset < Math.Min(4, run.Length); offset++)
                    Assert.Equal(-1, Decoded(run[offset..]).AsSpan().IndexOf(secret));
        }
        Assert.Contains("BEGIN ENCRYPTED PRIVATE KEY", Document("acme"), StringComparison.Ordinal);

        // The same look finds a key that is not encrypted.
        Assert.NotEqual(-1, Decoded(Convert.ToBase64String(ecdsa.ExportPkcs8PrivateKey())).AsSpan().IndexOf(secret));
        Assert.Equal("the key is here already, as `acme`", Refusal(Keys.Import("again", key, Passphrase)));

        static byte[] Decoded(string run)
        {
            var whole = run[..(run.Length / 4 * 4)];
            var bytes = new byte[whole.Length];
            return Convert.TryFromBase64String(whole, bytes, out var length) ? bytes[..length] : [];
        }
    }

    [Fact]
    public void Create_Files_AreTheUsersAlone()
    {
        if (OperatingSystem.IsWindows()) return;
        Value(Keys.Create("acme", Passphrase));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Folder, "acme.json")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        Assert.Empty(Directory.EnumerateFiles(Folder, "*.next"));
    }

    [Theory]
    [InlineData("", "is not a key's name")]
    [InlineData("Acme", "is not a key's name")]
    [InlineData("../x", "is not a key's name")]
    [InlineData("1st", "is not a key's name")]
    public void Create_BadName_IsRefused(string name, string problem) => Assert.Contains(problem, Refusal(Keys.Create(name, Passphrase)), StringComparison.Ordinal);

    [Fact]
    public void Create_BeyondALimit_IsRefusedAndWithinIsMade()
    {
        Assert.Equal("the passphrase has fewer than 8 characters", Refusal(Keys.Create("acme", "1234567")));
        foreach (var name in new[] { "a", "b", "c", "d" }) Value(Keys.Create(name, "12345678"));
        Assert.Equal("there are 4 keys already; at most 4 are kept", Refusal(Keys.Create("e", Passphrase)));
        Assert.Contains("is the name of a key that is here already", Refusal(Keys.Create("a", Passphrase)), StringComparison.Ordinal);
    }

    [Fact]
    public void ExportPrivate_Key_IsReadElsewhereWithThePassphrase()
    {
        var stored = Value(Keys.Create("acme", Passphrase));
        using var key = Value(SigningKey.FromPem(Value(Keys.ExportPrivate("acme")), Passphrase));
        Assert.Equal(stored.PublicKey, key.PublicKey);
    }

    [Fact]
    public void Rotate_Key_IsSignedByBothAndEndsTheOldOne()
    {
        var old = Value(Keys.Create("acme", Passphrase));
        var next = Value(Keys.Rotate("acme", "acme-2", Passphrase));
        var rotation = Value(next.Replaces!.Verify());
        Assert.Equal((old.PublicKey, next.PublicKey), (rotation.Old, rotation.New));
        Assert.Equal("acme-2", Value(Keys.Find("acme")).ReplacedBy);
        Assert.Equal("`acme` was replaced by the key `acme-2`\nhint: sign with that one", Refusal(Keys.Open("acme", Passphrase)));
        Value(Keys.Open("acme-2", Passphrase)).Dispose();
        Assert.Contains("was replaced", Refusal(Keys.Rotate("acme", "acme-3", Passphrase)), StringComparison.Ordinal);
        Assert.Contains("another one", Refusal(Keys.Rotate("acme-2", "acme-3", "another one")), StringComparison.Ordinal);
    }

    [Fact]
    public void Revoke_Key_SignsNothingAnyMore()
    {
        Value(Keys.Create("acme", Passphrase));
        Assert.StartsWith("the reason has", Refusal(Keys.Revoke("acme", new string('x', 21))), StringComparison.Ordinal);
        var revoked = Value(Keys.Revoke("acme", "stolen"));
        Assert.Equal(("stolen", revoked.PublicKey.Id), (revoked.Revoked!.Reason, revoked.Revoked.Key));
        Assert.Equal("`acme` was revoked: stolen\nhint: sign with another key", Refusal(Keys.Open("acme", Passphrase)));
        Assert.Equal("`acme` was revoked before", Refusal(Keys.Revoke("acme", "stolen")));
        Refusal(Keys.Rotate("acme", "acme-2", Passphrase));
    }

    [Fact]
    public void Open_DamagedFile_SaysWhichAndWhere()
    {
        Value(Keys.Create("acme", Passphrase));
        Value(Keys.Create("other", Passphrase));
        var file = Path.Combine(Folder, "acme.json");
        var good = File.ReadAllText(file);
        File.WriteAllText(file, good.Replace("\"name\"", "\"names\"", StringComparison.Ordinal));
        Assert.StartsWith($"`{file}: names` is not a known key", Refusal(Keys.Open("acme", Passphrase)).Split('\n')[0], StringComparison.Ordinal);
        File.WriteAllText(file, good.Replace("\"keyVersion\": 1", "\"keyVersion\": 2", StringComparison.Ordinal));
        Assert.Contains("a newer LazyOC wrote it", Refusal(Keys.List()), StringComparison.Ordinal);
        File.WriteAllText(file, Document("other"));
        Assert.Contains("not the name of the file", Refusal(Keys.Open("acme", Passphrase)), StringComparison.Ordinal);
        File.WriteAllText(file, new string(' ', Quick.MaxKeyFileBytes + 1));
        Assert.Throws<IOException>(() => Keys.Open("acme", Passphrase));
    }

    [Fact]
    public void Open_PrivateKeyOfAnother_IsRefused()
    {
        Value(Keys.Create("acme", Passphrase));
        var other = Value(Keys.Create("other", Passphrase));
        var file = Path.Combine(Folder, "acme.json");
        var mine = Value(Keys.Find("acme")).PublicKey;
        string Base64(PublicKey key) => Convert.ToBase64String(key.SubjectPublicKeyInfo.Span);
        File.WriteAllText(file, File.ReadAllText(file).Replace(Base64(mine), Base64(other.PublicKey), StringComparison.Ordinal));
        Assert.Contains("its private key is not the one of its public key", Refusal(Keys.Open("acme", Passphrase)), StringComparison.Ordinal);
    }
}
