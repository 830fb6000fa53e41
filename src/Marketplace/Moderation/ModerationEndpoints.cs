using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Reviews;

namespace LazyOC.Marketplace.Moderation;

/// <summary>What moderators see and do, over HTTP.</summary>
internal static class ModerationEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/moderation").WithTags("moderation");
        group.MapGet("/queue", QueueAsync).Gives<ModerationQueue>().WithSummary("What waits for a moderator");
        group.MapGet("/audit", AuditAsync).Gives<AuditLog>().WithSummary("What was done with special rights, the newest first").TakesQuery("cursor", "`next` of the page before");
        group.MapPut("/plugins/{id}/{version}/verdict", JudgeAsync).Takes<NewVerdict>().Gives<Submission>().WithSummary("Says what a person makes of a version that is held");
        group.MapPost("/plugins/{id}/{version}/scans", RescanAsync).GivesNothing().WithSummary("Makes all checks of a version again");
        group.MapPut("/plugins/{id}/{version}/quarantine", QuarantineAsync).Takes<Reason>().Gives<Submission>().WithSummary("Holds a live version back");
        group.MapDelete("/plugins/{id}/{version}/quarantine", ReleaseAsync).GivesNothing().WithSummary("Lets it go again");
        group.MapPut("/plugins/{id}/{version}/kill", KillAsync).Takes<Reason>().Gives<Submission>().WithSummary("Says that a version must not run any more where it is installed; for good");
    }

    private static async Task<IResult> QueueAsync(HttpContext context, Database database, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (caller.LacksModeration() is { } lacks) return lacks;
        var queue = await database.ReadAsync(async sql => new ModerationQueue
        {
            Versions = await SubmissionRows.InStateAsync(sql, VersionState.Held, limits.MaxPageEntries),
            Appeals = await Appeals.OpenAsync(sql, limits.MaxPageEntries),
            Reviews = await ReviewStore.ReportedAsync(sql, limits.MaxPageEntries),
        }, cancellationToken);
        return Results.Json(queue, ApiJson.Default.ModerationQueue);
    }

    private static async Task<IResult> AuditAsync(string? cursor, HttpContext context, Database database, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (caller.LacksModeration() is { } lacks) return lacks;
        var log = await database.ReadAsync(sql => AuditTrail.ReadAsync(sql, cursor, limits.MaxPageEntries), cancellationToken);
        return Results.Json(log, ApiJson.Default.AuditLog);
    }

    private static async Task<IResult> JudgeAsync(string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken)
    {
        if (!VersionEndpoints.Prepare(context, id, version, out var caller, out var address, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewVerdict)).TryGet(out var verdict, out refusal)) return refusal;
        return (await changes.JudgeAsync(caller, address, verdict, cancellationToken)).Json(ApiJson.Default.Submission);
    }

    private static async Task<IResult> RescanAsync(string id, string version, HttpContext context, VersionChanges changes, ScanQueue queue, CancellationToken cancellationToken)
    {
        if (!VersionEndpoints.Prepare(context, id, version, out var caller, out var address, out var refusal)) return refusal;
        var answer = await changes.RescanAsync(caller, address, cancellationToken);
        if (answer.TryGet(out _, out _)) queue.Wake();
        return answer.NoContent();
    }

    private static async Task<IResult> QuarantineAsync(string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken)
    {
        if (!VersionEndpoints.Prepare(context, id, version, out var caller, out var address, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.Reason)).TryGet(out var reason, out refusal)) return refusal;
        return (await changes.QuarantineAsync(caller, address, reason.Text, cancellationToken)).Json(ApiJson.Default.Submission);
    }

    private static async Task<IResult> ReleaseAsync(string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken) =>
        VersionEndpoints.Prepare(context, id, version, out var caller, out var address, out var refusal) ? (await changes.QuarantineAsync(caller, address, null, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> KillAsync(string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken)
    {
        if (!VersionEndpoints.Prepare(context, id, version, out var caller, out var address, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.Reason)).TryGet(out var reason, out refusal)) return refusal;
        return (await changes.KillAsync(caller, address, reason.Text, cancellationToken)).Json(ApiJson.Default.Submission);
    }
}
