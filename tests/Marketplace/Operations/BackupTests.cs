using LazyOC.Marketplace.Operations;
using LazyOC.Marketplace.Tests.Nodes;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Tests.Operations;

/// <summary>A marketplace is copied while it runs, and what is put back serves the same.</summary>
[Trait(Pair.Trait, Pair.Both)]
public sealed class BackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lazyoc-backup-").FullName;

    private string At(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Backup_OfARunningMarketplace_ServesTheSameWhenItIsPutBack()
    {
        string index;
        PublicKey key;
        await using (var market = await MarketFixture.StartAsync(null, [], At("data")))
        {
            await market.LiveAsync(await market.OwnerAsync(), SamplePlugin.Package());
            index = await market.Http.GetStringAsync(new Uri(market.Url, "v1/index/acme/demo"));
            key = market.Server.Key;

            Assert.Equal(1, Value(await Backup.MakeAsync(market.Options, At("copy"), CancellationToken.None)).Packages);
        }
        Assert.Empty(await Backup.VerifyAsync(new MarketOptions { DataDirectory = At("copy") }, CancellationToken.None));

        Value(await Backup.RestoreAsync(At("copy"), await Pair.OfAsync(At("again")), CancellationToken.None));

        await using var again = await MarketFixture.StartAsync(null, [], At("again"));
        Assert.Equal(key, again.Server.Key);
        Assert.Equal(index.Split('\n')[1..], (await again.Http.GetStringAsync(new Uri(again.Url, "v1/index/acme/demo"))).Split('\n')[1..]);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(At("again"), "registry-key.pem")));
    }

    [Theory]
    [InlineData("package", "is not what was published")]
    [InlineData("missing", "is missing, though the records name it")]
    [InlineData("records", "is damaged")]
    [InlineData("key", "without the registry's key nobody believes what is served")]
    public async Task Verify_CopyThatIsDamaged_SaysWhatAndIsNotPutBack(string what, string expected)
    {
        await using (var market = await MarketFixture.StartAsync(null, [], At("data")))
        {
            await market.LiveAsync(await market.OwnerAsync(), SamplePlugin.Package());
            Value(await Backup.MakeAsync(market.Options, At("copy"), CancellationToken.None));
        }
        var package = Directory.GetFiles(Path.Combine(At("copy"), "packages")).Single();
        switch (what)
        {
            case "package":
                await using (var file = File.Open(package, FileMode.Append)) file.WriteByte(0);
                break;
            case "missing":
                File.Delete(package);
                break;
            case "records":
                await using (var file = File.OpenWrite(Path.Combine(At("copy"), "market.db")))
                {
                    file.Position = file.Length / 2;
                    await file.WriteAsync(new byte[8_192]);
                }
                break;
            default:
                File.Delete(Path.Combine(At("copy"), "registry-key.pem"));
                break;
        }

        var problems = await Backup.VerifyAsync(new MarketOptions { DataDirectory = At("copy") }, CancellationToken.None);

        Assert.Contains(problems, problem => $"{problem}".Contains(expected, StringComparison.Ordinal) || (what == "records" && $"{problem}".Contains("cannot be read", StringComparison.Ordinal)));
        Assert.False((await Backup.RestoreAsync(At("copy"), new MarketOptions { DataDirectory = At("again") }, CancellationToken.None)).TryGet(out _, out _));
        Assert.False(Directory.Exists(At("again")));
    }

    [Fact]
    public async Task Backup_OverSomethingElse_IsRefused()
    {
        Directory.CreateDirectory(At("full"));
        await File.WriteAllTextAsync(Path.Combine(At("full"), "mine"), "");
        await using var market = await MarketFixture.StartAsync(null, [], At("data"));

        var made = await Backup.MakeAsync(market.Options, At("full"), CancellationToken.None);

        Assert.True(!made.TryGet(out _, out var problems) && problems[0].Message == "is not empty");
        Assert.Equal(["mine"], Directory.GetFiles(At("full")).Select(Path.GetFileName));
    }

    private static T Value<T>(Outcome<T> outcome) => outcome.TryGet(out var value, out var problems) ? value : throw new InvalidOperationException(Problem.Join(problems));
}
