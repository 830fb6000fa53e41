using System.Net;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Publishing;

/// <summary>Publishing, from registering to an installation by the same client as for registries that are files.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class PublishTests
{
    private static readonly SemanticVersion One = SemanticVersion.Parse("1.0.0");

    [Fact]
    public async Task Publish_OfAPackageThatPasses_CanBeInstalled()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var token = Value(await owner.CreateTokenAsync(new NewToken { Name = "ci", Scopes = [TokenScope.Publish, TokenScope.Read], Plugins = "acme.*" }, default)).Token;
        var package = SamplePlugin.Package();

        var submission = await market.SettleAsync(market.Client(token), package);

        Assert.Equal(VersionState.Live, submission.State);
        Assert.Equal(["passing"], submission.Scans.Select(scan => scan.Scanner));
        var installed = await market.InstallAsync(SamplePlugin.Id, One);
        Assert.Equal(package.Digest, installed.Digest);
        var line = Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Lines.Single();
        Assert.NotNull(line.VerdictDigest);
        Assert.Equal(0, line.CooldownHours);
    }

    [Fact]
    public async Task Publish_OfTheSameBytesAgain_IsAnsweredWithHowTheFirstFares()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var package = await market.LiveAsync(owner, SamplePlugin.Package());

        var again = Value(await market.PublishAsync(owner, package));

        Assert.Equal(VersionState.Live, again.State);
        var header = Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Header;
        Assert.Equal((1, 1), (header.Sequence, header.Lines));
    }

    [Fact]
    public async Task Publish_OfOtherBytesUnderAVersion_IsRefused()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var package = await market.LiveAsync(owner, SamplePlugin.Package());

        var problem = Refusal(ProblemTypes.VersionExists, await market.PublishAsync(owner, SamplePlugin.Package(code: "export { };")));

        Assert.Equal(409, problem.Status);
        Assert.Contains("a version never changes", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(package.Digest, (await market.InstallAsync(SamplePlugin.Id, One)).Digest);
    }

    [Fact]
    public async Task Publish_OfAVersionThatDiffersInBuildMetadataOnly_IsRefused()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package(version: "1.0.0+first"));

        var problem = Refusal(ProblemTypes.VersionExists, await market.PublishAsync(owner, SamplePlugin.Package(version: "1.0.0+second")));

        Assert.Contains("build metadata", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme.other", "1.0.0", "id")]
    [InlineData("acme.demo", "1.0.1", "version")]
    [InlineData("acme.demo", "1.0.0+build", "version")]
    public async Task Publish_UnderAnotherNameThanTheManifests_IsRefused(string id, string version, string field)
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var package = SamplePlugin.Package();

        var problem = Refusal(ProblemTypes.InvalidPackage, await owner.PublishAsync(PluginId.Parse(id), SemanticVersion.Parse(version), package.Bytes, market.Sign(package), default));

        Assert.Equal(field, problem.Field);
    }

    [Fact]
    public async Task Publish_ForAPublisherOfSomebodyElse_IsRefused()
    {
        await using var market = await MarketFixture.StartAsync();
        await market.OwnerAsync();
        var mallory = await market.RegisterAsync("mallory");

        Refusal(ProblemTypes.Forbidden, await market.PublishAsync(mallory, SamplePlugin.Package()));
        // The control: it is only that he is no member.
        Value(await (await market.RegisterAsync("bob")).AccountAsync(default));
    }

    [Fact]
    public async Task Publish_SignedWithAKeyThatIsNotThePublishers_IsRefused_AndWithOneThatIsGoesLive()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        using var other = SigningKey.Create();
        var package = SamplePlugin.Package();

        Refusal(ProblemTypes.UntrustedSignature, await market.PublishAsync(owner, package, other));
        Assert.Empty(await market.StoredAsync());
        Value(await owner.AddKeyAsync("acme", new NewAuthorKey { Key = other.PublicKey }, default));
        Value(await market.PublishAsync(owner, package, other));
        await market.DecidedAsync();

        Assert.Equal(package.Digest, (await market.InstallAsync(SamplePlugin.Id, One)).Digest);
    }

    [Fact]
    public async Task Publish_SignedWithARevokedKey_IsRefused()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());

        Value(await owner.RevokeKeyAsync("acme", market.Author.PublicKey.Id, new Reason { Text = "the laptop was stolen" }, default));

        Refusal(ProblemTypes.UntrustedSignature, await market.PublishAsync(owner, SamplePlugin.Package(version: "1.0.1")));
        Assert.Equal("the laptop was stolen", Value(await market.Registry().PublisherAsync("acme", default)).Keys.Revocations.Single().Reason);
    }

    [Fact]
    public async Task Publish_SignedWithAKeyThatHasTakenAnothersPlace_GoesLive_AndWithTheOldOneDoesNot()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        using var next = SigningKey.Create();
        var rotation = SignedRotation.Sign(market.Author, next, market.Clock.GetUtcNow());

        Value(await owner.RotateKeyAsync("acme", new NewRotation { Old = rotation.Old, Envelope = rotation.Envelope }, default));

        Refusal(ProblemTypes.UntrustedSignature, await market.PublishAsync(owner, SamplePlugin.Package()));
        Value(await market.PublishAsync(owner, SamplePlugin.Package(), next));
        await market.DecidedAsync();
        await market.InstallAsync(SamplePlugin.Id, One);
    }

    [Fact]
    public async Task Publish_OfTheSameVersionByManyAtOnce_TakesOneOfThem()
    {
        await using var market = await MarketFixture.StartAsync(new MarketLimits { MaxUploadsAtOnce = 100 }, []);
        var owner = await market.OwnerAsync();
        var packages = Enumerable.Range(0, 8).Select(i => SamplePlugin.Package(code: $"export const n = {i};")).ToArray();

        var results = await Task.WhenAll(packages.Select(package => market.PublishAsync(owner, package)));

        var taken = Assert.Single(results, result => result.Value is not null);
        Assert.All(results.Where(result => result.Value is null), result => Refusal(ProblemTypes.VersionExists, result));
        await market.DecidedAsync();
        Assert.Equal(taken.Value!.Digest, (await market.InstallAsync(SamplePlugin.Id, One)).Digest);
    }

    [Fact]
    public async Task Publish_OfMoreBytesThanAllowed_IsRefusedBeforeTheyAreTaken()
    {
        await using var market = await MarketFixture.StartAsync(new MarketLimits { MaxPackageBytes = 10_000 }, []);
        var owner = await market.OwnerAsync();
        var large = SamplePlugin.Package(code: $"// {Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20_000))}");

        var problem = Refusal(ProblemTypes.TooLarge, await market.PublishAsync(owner, large));

        Assert.Equal(("package", 413), (problem.Field, problem.Status));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(market.Data, "incoming")));
        await market.LiveAsync(owner, SamplePlugin.Package());
    }

    [Fact]
    public async Task Publish_OfMoreThanThePublisherMayHaveOpen_IsRefused()
    {
        using var gate = new SemaphoreSlim(0);
        await using var market = await MarketFixture.StartAsync(new MarketLimits { MaxOpenSubmissions = 2 }, [new TestScanner("gate", async (_, cancellationToken) =>
        {
            await gate.WaitAsync(cancellationToken);
            return LazyOC.Marketplace.Scanning.ScanResult.Passed;
        })]);
        var owner = await market.OwnerAsync();
        Value(await market.PublishAsync(owner, SamplePlugin.Package(version: "1.0.0")));
        Value(await market.PublishAsync(owner, SamplePlugin.Package(version: "1.0.1")));

        Refusal(ProblemTypes.QuotaExceeded, await market.PublishAsync(owner, SamplePlugin.Package(version: "1.0.2")));
        gate.Release(100);
        await market.DecidedAsync();
        await market.DecidedAsync();
        Value(await market.PublishAsync(owner, SamplePlugin.Package(version: "1.0.2")));
    }

    [Theory]
    [InlineData("../../etc", "1.0.0")]
    [InlineData("acme.demo", "..%2f..%2fkey")]
    [InlineData("acme.demo", "1.0.0%0aERROR%20forged")]
    [InlineData("acme%2fdemo", "1.0.0")]
    [InlineData("ACME.demo", "1.0.0")]
    public async Task Publish_UnderAPathThatLeadsElsewhere_IsRefusedAndTouchesNothing(string id, string version)
    {
        await using var market = await MarketFixture.StartAsync();
        await market.OwnerAsync();
        var before = Directory.EnumerateFileSystemEntries(market.Data, "*", SearchOption.AllDirectories).Count(IsNoDatabase);

        using var response = await market.Http.PutAsync(new Uri(market.Url, $"v1/api/plugins/{id}/{version}"), new StringContent("x"));

        Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Unauthorized or HttpStatusCode.MethodNotAllowed, $"{response.StatusCode}");
        Assert.Equal(ApiProblem.MediaType, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(market.Data, "*", SearchOption.AllDirectories).Count(IsNoDatabase));
    }

    [Fact]
    public async Task Publish_OfADamagedPackage_SaysWhatIsWrong()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var package = SamplePlugin.Package();
        var bytes = package.Bytes.ToArray();
        bytes[^30] ^= 0xff;

        var problem = Refusal(ProblemTypes.InvalidPackage, await owner.PublishAsync(SamplePlugin.Id, One, bytes, market.Sign(package), default));

        Assert.NotEmpty(problem.Detail);
        Assert.Empty(await market.StoredAsync());
    }

    [Fact]
    public async Task Upload_InAnotherForm_IsRefused()
    {
        await using var market = await MarketFixture.StartAsync();
        var token = Value(await market.Client().RegisterAsync(new Credentials { Name = "alice", Password = Password }, default)).Token;
        Value(await market.Client(token).CreatePublisherAsync(new NewPublisher { Name = "acme" }, default));
        market.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var address = new Uri(market.Url, "v1/api/plugins/acme.demo/1.0.0");

        using var plain = await market.Http.PutAsync(address, new StringContent("{}"));
        using var empty = await market.Http.PutAsync(address, new MultipartFormDataContent { { new StringContent("x"), "signatures", "s" } });
        using var twice = await market.Http.PutAsync(address, new MultipartFormDataContent { { new StringContent("x"), "package", "p" }, { new StringContent("x"), "package", "p" } });
        using var other = await market.Http.PutAsync(address, new MultipartFormDataContent { { new StringContent("live"), "state" } });

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, plain.StatusCode);
        Assert.All([empty, twice, other], response => Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode));
    }

    private static bool IsNoDatabase(string path) => !Path.GetFileName(path).StartsWith("market.db", StringComparison.Ordinal);
}
