using System.Collections.Concurrent;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Marketplace.Storage;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Publishing;

/// <summary>Publishing over HTTP.</summary>
internal static class PublishEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("publishing");
        group.MapPut("/plugins/{id}/{version}", PublishAsync).TakesForm(MarketClient.PackagePart, MarketClient.SignaturesPart).Gives<Submission>(StatusCodes.Status202Accepted).Produces<Submission>()
            .WithSummary("Publishes a package: 202 when it is new, 200 when the same bytes were published before");
        group.MapGet("/plugins/{id}/{version}/submission", FindAsync).Gives<Submission>().WithSummary("How a version fares; for members of its publisher and moderators");
        group.MapGet("/publishers/{name}/submissions", ListAsync).Gives<SubmissionList>().WithSummary("The latest versions of a publisher, whatever became of them; for its members and moderators");
    }

    /// <summary>Reads an id and a version of an address; nothing else of it reaches files or records.</summary>
    public static Answer<PluginVersionAddress> Parse(string id, string version)
    {
        if (!PluginId.TryParse(id, out var plugin)) return Refusal.Invalid("id", "`id` is no plugin id", "`publisher.name` in lower-case letters, digits and hyphens");
        if (!SemanticVersion.TryParse(version, out var parsed)) return Refusal.Invalid("version", "`version` is no version", "`MAJOR.MINOR.PATCH`, such as `1.4.0`");
        return new PluginVersionAddress(plugin, parsed);
    }

    private static async Task<IResult> PublishAsync(string id, string version, HttpContext context, Submissions submissions, PackageStorage packages, RequestLimits requests, UploadSlots slots, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!Parse(id, version).TryGet(out var address, out refusal)) return refusal;
        if ((await submissions.LacksAsync(caller, address.Id, cancellationToken) ?? requests.TakePublish(caller)) is { } why) return why;
        using var slot = slots.Take(caller.AccountId);
        if (slot is null) return new Refusal(ProblemTypes.RateLimited, $"{limits.MaxUploadsAtOnce} uploads of yours are under way") { RetryAfter = TimeSpan.FromSeconds(5) };
        if (!(await Upload.ReadAsync(context, packages, limits)).TryGet(out var upload, out refusal)) return refusal;
        await using (upload.File)
        {
            if (!(await submissions.AcceptAsync(caller, address.Id, address.Version, upload, cancellationToken)).TryGet(out var accepted, out refusal)) return refusal;
            return Results.Json(accepted.Submission, ApiJson.Default.Submission, statusCode: accepted.IsNew ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
        }
    }

    private static async Task<IResult> FindAsync(string id, string version, HttpContext context, Database database, CancellationToken cancellationToken)
    {
        if (!Parse(id, version).TryGet(out var address, out var refusal)) return refusal;
        // Whoever may publish it follows what becomes of it, be it by a token that is good for nothing else.
        var submission = await database.ReadAsync(async sql => await PublisherStore.SeesAllAsync(sql, context.Caller(), address.Id.Publisher)
            || (context.Caller() is { } caller && await PublisherStore.LacksRoleAsync(sql, caller, address.Id.Publisher, PublisherRole.Maintainer, TokenScope.Publish, address.Id) is null)
            ? await SubmissionRows.FindAsync(sql, address.Key)
            : null, cancellationToken);
        // A stranger is not told whether there is one.
        return submission is null ? Refusal.NotFound("version that you may see") : Results.Json(submission, ApiJson.Default.Submission);
    }

    private static async Task<IResult> ListAsync(string name, HttpContext context, Database database, MarketLimits limits, CancellationToken cancellationToken)
    {
        var list = await database.ReadAsync(async sql => await PublisherStore.SeesAllAsync(sql, context.Caller(), name)
            ? new SubmissionList(await SubmissionRows.OfPublisherAsync(sql, name, limits.MaxListedSubmissions))
            : null, cancellationToken);
        return list is null ? Refusal.NotFound("publisher that you are a member of") : Results.Json(list, ApiJson.Default.SubmissionList);
    }
}

/// <summary>A version as an address names it.</summary>
internal sealed record PluginVersionAddress(PluginId Id, SemanticVersion Version)
{
    public VersionKey Key => new(Id.ToString(), Submissions.KeyOf(Version));
}

/// <summary>How many uploads an account has under way. Thread safe.</summary>
internal sealed class UploadSlots(MarketLimits limits)
{
    private readonly ConcurrentDictionary<string, int> _taken = new(StringComparer.Ordinal);

    /// <summary>Takes one until it is disposed; null when there are too many.</summary>
    public IDisposable? Take(string account)
    {
        var now = _taken.AddOrUpdate(account, 1, (_, count) => count + 1);
        var slot = new Slot(this, account);
        if (now <= limits.MaxUploadsAtOnce) return slot;
        slot.Dispose();
        return null;
    }

    private sealed class Slot(UploadSlots slots, string account) : IDisposable
    {
        public void Dispose()
        {
            // An account that has none under way is forgotten.
            if (slots._taken.AddOrUpdate(account, 0, (_, count) => count - 1) == 0) slots._taken.TryRemove(new KeyValuePair<string, int>(account, 0));
        }
    }
}
