using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Reviews;
using LazyOC.Marketplace.Web.Pages;

namespace LazyOC.Marketplace.Web;

/// <summary>The pages for moderators.</summary>
internal static class ModerationSite
{
    public const string Path = "/moderation";
    public const string AuditPath = $"{Path}/audit";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, QueueAsync);
        pages.MapGet(AuditPath, AuditAsync);
        var versions = pages.MapGroup($"{Path}/plugins/{{id}}/{{version}}");
        versions.MapPost("/verdict", JudgeAsync);
        versions.MapPost("/scans", RescanAsync);
        versions.MapPost("/quarantine", (string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken) =>
            ChangeAsync(context, id, version, (caller, address) => changes.QuarantineAsync(caller, address, context.ReasonField(), cancellationToken)));
        versions.MapPost("/kill", (string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken) =>
            ChangeAsync(context, id, version, (caller, address) => changes.KillAsync(caller, address, context.Field("reason"), cancellationToken)));
        pages.MapPost($"{Path}/reviews/{{review}}/hidden", HideAsync);
    }

    private static async Task<IResult> QueueAsync(HttpContext context, Database database, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (caller.LacksModeration() is { } lacks) return lacks;
        return new PageResult<ModerationView>("Moderation", new(StringComparer.Ordinal)
        {
            [nameof(ModerationView.Versions)] = await database.ReadAsync(sql => SubmissionRows.InStateAsync(sql, VersionState.Held, limits.MaxPageEntries), cancellationToken),
            [nameof(ModerationView.Appeals)] = await database.ReadAsync(sql => Appeals.OpenAsync(sql, limits.MaxPageEntries), cancellationToken),
            [nameof(ModerationView.Reviews)] = await database.ReadAsync(sql => ReviewStore.ReportedAsync(sql, limits.MaxPageEntries), cancellationToken),
        });
    }

    private static async Task<IResult> AuditAsync(string? cursor, HttpContext context, Database database, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (caller.LacksModeration() is { } lacks) return lacks;
        return new PageResult<Audit>("Audit log", new(StringComparer.Ordinal) { [nameof(Audit.Log)] = await database.ReadAsync(sql => AuditTrail.ReadAsync(sql, cursor, limits.MaxPageEntries), cancellationToken) });
    }

    private static async Task<IResult> JudgeAsync(string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<HumanDecision>(context.Field("decision"), ignoreCase: true, out var decision) || !Enum.IsDefined(decision)) return Refusal.Invalid("decision", "`decision` is neither `pass` nor `reject`");
        return await ChangeAsync(context, id, version, (caller, address) => changes.JudgeAsync(caller, address, new NewVerdict { Decision = decision, Reason = context.Field("reason") }, cancellationToken));
    }

    private static async Task<IResult> RescanAsync(string id, string version, HttpContext context, VersionChanges changes, ScanQueue queue, CancellationToken cancellationToken)
    {
        var result = await ChangeAsync(context, id, version, (caller, address) => changes.RescanAsync(caller, address, cancellationToken));
        queue.Wake();
        return result;
    }

    /// <summary>Hides a review; without a reason, shows it again.</summary>
    private static async Task<IResult> HideAsync(string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        return PostedForm.SeeOther(context, await reviews.HideAsync(caller, review, context.ReasonField(), cancellationToken), Path);
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, string id, string version, Func<Caller, PluginVersionAddress, Task<Answer<Submission>>> change)
    {
        if (!VersionEndpoints.Prepare(context, id, version, out var caller, out var address, out var refusal)) return refusal;
        return PostedForm.SeeOther(context, await change(caller, address), LocalAddress.Of(context.OptionalField(SignIn.ReturnField) ?? Path));
    }
}
