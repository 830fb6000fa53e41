using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Publishing;

/// <summary>What people decide about versions besides the checks, over HTTP: approvals, appeals, and looking again.</summary>
internal static class ReviewOfVersionsEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("publishing");
        group.MapPut("/publishers/{name}/approval", SetRuleAsync).Takes<ApprovalRule>().GivesNothing().WithSummary("Says whether a second owner has to approve what goes live; takes a session");
        group.MapPut("/plugins/{id}/{version}/approval", ApproveAsync).Gives<Submission>().WithSummary("Approves a version that waits for a second owner; takes a session");
        group.MapPut("/plugins/{id}/{version}/appeal", AppealAsync).Takes<NewAppeal>().Gives<Submission>().WithSummary("Asks for a person to look at a version that is held or rejected");
        group.MapPost("/moderation/scans", RescanAsync).Takes<NewRescan>().Gives<RescanResult>().WithSummary("Has live versions looked at again").WithTags("moderation");
    }

    private static async Task<IResult> SetRuleAsync(string name, HttpContext context, Approvals approvals, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.ApprovalRule)).TryGet(out var rule, out refusal)) return refusal;
        return (await approvals.SetRuleAsync(caller, name, rule, cancellationToken)).NoContent();
    }

    private static async Task<IResult> ApproveAsync(string id, string version, HttpContext context, Approvals approvals, CancellationToken cancellationToken) =>
        VersionEndpoints.Prepare(context, id, version, out var caller, out var address, out var refusal) ? (await approvals.ApproveAsync(caller, address, cancellationToken)).Json(ApiJson.Default.Submission) : refusal;

    private static async Task<IResult> AppealAsync(string id, string version, HttpContext context, Appeals appeals, CancellationToken cancellationToken)
    {
        if (!VersionEndpoints.Prepare(context, id, version, out var caller, out var address, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewAppeal)).TryGet(out var asked, out refusal)) return refusal;
        return (await appeals.AppealAsync(caller, address, asked.Text, cancellationToken)).Json(ApiJson.Default.Submission);
    }

    private static async Task<IResult> RescanAsync(HttpContext context, Rescans rescans, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewRescan)).TryGet(out var asked, out refusal)) return refusal;
        return (await rescans.RescanAsync(caller, asked, cancellationToken)).Json(ApiJson.Default.RescanResult);
    }
}
