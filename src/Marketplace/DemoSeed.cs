using System.Net.Http.Headers;
using System.Security.Cryptography;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace;

/// <summary>
/// Fills a marketplace for a demonstration: publishes the packages of a folder the way their author would, over the API, with an
/// account, publishers and a key made up for it. They pass the same checks as anybody's; what these hold for a person, a
/// moderator made up for it lets through, as the audit log says: whoever starts his marketplace so has chosen them.
/// </summary>
internal static class DemoSeed
{
    private const string Account = "demo-author";

    /// <summary>Nobody judges what is of a publisher of his own.</summary>
    private const string Moderator = "demo-moderator";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Publishes what is not there yet.</summary>
    /// <param name="server">The marketplace, on this machine.</param>
    /// <param name="folder">Holds <c>.lzp</c> files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it could not go on; null when all packages are handed in, now or before.</returns>
    public static async Task<string?> PublishAsync(MarketServer server, DirectoryInfo folder, CancellationToken cancellationToken)
    {
        if (!folder.Exists) return $"there is no folder {folder.FullName}, so nothing was published";
        var (api, program) = (new Uri(server.Url, "v1/api"), new ProductInfoHeaderValue("lazyoc-market", "seed"));
        using var stranger = new MarketClient(api, null, program);
        if (!(await RegisterAsync(stranger, Account, cancellationToken)).TryGet(out var session, out var problem)) return problem.Kind == ProblemTypes.NameTaken ? await MissingAsync(stranger, folder, cancellationToken) : problem.Detail;
        if (!(await RegisterAsync(stranger, Moderator, cancellationToken)).TryGet(out var moderation, out problem)) return problem.Detail;
        // The demonstration's plugins are of a publisher that nobody else can have.
        var accounts = server.Services.GetRequiredService<AccountStore>();
        await accounts.SetRoleAsync(Account, SiteRole.Admin, cancellationToken);
        await accounts.SetRoleAsync(Moderator, SiteRole.Moderator, cancellationToken);
        using var author = new MarketClient(api, session.Token, program);
        using var moderator = new MarketClient(api, moderation.Token, program);
        using var key = SigningKey.Create();
        var publishers = new HashSet<string>(StringComparer.Ordinal);
        var published = new List<PluginManifest>();
        foreach (var file in folder.EnumerateFiles("*.lzp").OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (!PluginPackage.Open(await File.ReadAllBytesAsync(file.FullName, cancellationToken)).TryGet(out var package, out var problems)) return $"{file.Name}: {problems[0]}";
            var manifest = package.Manifest;
            if (publishers.Add(manifest.Id.Publisher))
            {
                if (!(await author.CreatePublisherAsync(new NewPublisher { Name = manifest.Id.Publisher }, cancellationToken)).TryGet(out _, out problem)) return $"{file.Name}: {problem.Detail}";
                if (!(await author.AddKeyAsync(manifest.Id.Publisher, new NewAuthorKey { Key = key.PublicKey, Comment = "demonstration" }, cancellationToken)).TryGet(out _, out problem)) return $"{file.Name}: {problem.Detail}";
            }
            var signed = new PackageAttestation(PackageIdentity.Of(package), new BuildFacts { Builder = "lazyoc-market", Signed = DateTimeOffset.UtcNow }).Sign(key);
            if (!(await author.PublishAsync(manifest.Id, manifest.Version, package.Bytes, PackageSignatures.Write([signed]), cancellationToken)).TryGet(out _, out problem)) return $"{file.Name}: {problem.Detail}";
            published.Add(manifest);
        }
        foreach (var manifest in published)
            if (await LetThroughAsync(server, moderator, manifest, cancellationToken) is { } refused) return $"{manifest.Id}: {refused}";
        return null;
    }

    private static Task<ApiResult<Session>> RegisterAsync(MarketClient stranger, string name, CancellationToken cancellationToken) =>
        stranger.RegisterAsync(new Credentials { Name = name, Password = Convert.ToHexString(RandomNumberGenerator.GetBytes(24)) }, cancellationToken);

    /// <summary>Waits for what the checks say of a version, and lets it through where they leave that to a person.</summary>
    private static async Task<string?> LetThroughAsync(MarketServer server, MarketClient moderator, PluginManifest manifest, CancellationToken cancellationToken)
    {
        var (database, key) = (server.Services.GetRequiredService<Database>(), new VersionKey(manifest.Id.ToString(), Submissions.KeyOf(manifest.Version)));
        while (true)
        {
            var submission = await database.ReadAsync(sql => SubmissionRows.FindAsync(sql, key), cancellationToken);
            switch (submission!.State)
            {
                case VersionState.Accepted or VersionState.Scanning:
                    await Task.Delay(Poll, cancellationToken);
                    break;
                case VersionState.Held:
                    return (await moderator.JudgeAsync(manifest.Id, manifest.Version, new NewVerdict { Decision = HumanDecision.Pass, Reason = "part of the demonstration that the marketplace was started with" }, cancellationToken)).TryGet(out _, out var problem) ? null : problem.Detail;
                case VersionState.Rejected:
                    return string.Join("; ", submission.Reasons);
                default:
                    return null;
            }
        }
    }

    /// <summary>The account's password was known to the start that made it only: what was broken off then does not go on.</summary>
    private static async Task<string?> MissingAsync(MarketClient stranger, DirectoryInfo folder, CancellationToken cancellationToken)
    {
        foreach (var file in folder.EnumerateFiles("*.lzp"))
        {
            if (!PluginPackage.Open(await File.ReadAllBytesAsync(file.FullName, cancellationToken)).TryGet(out var package, out var problems)) return $"{file.Name}: {problems[0]}";
            if (!(await stranger.PluginAsync(package.Manifest.Id, cancellationToken)).TryGet(out _, out var problem) && problem.Status == StatusCodes.Status404NotFound)
                return $"{package.Manifest.Id} is not here, though the marketplace was filled before; begin with another data folder, or see in `/moderation` what became of it";
        }
        return null;
    }
}
