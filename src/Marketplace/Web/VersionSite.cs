using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Reviews;
using LazyOC.Marketplace.Web.Pages;

namespace LazyOC.Marketplace.Web;

/// <summary>The forms by which people decide about versions besides the checks, and what reviews were before.</summary>
internal static class VersionSite
{
    private const string Route = "/portal/plugins/{id}/{version}";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapPost($"{Portal.PublishersPath}/{{name}}/approval", SetRuleAsync);
        pages.MapPost($"{Route}/approval", (string id, string version, HttpContext context, Approvals approvals, CancellationToken cancellationToken) =>
            ChangeAsync(context, id, version, (caller, address) => approvals.ApproveAsync(caller, address, cancellationToken)));
        pages.MapPost($"{Route}/appeal", (string id, string version, HttpContext context, Appeals appeals, CancellationToken cancellationToken) =>
            ChangeAsync(context, id, version, (caller, address) => appeals.AppealAsync(caller, address, context.Field("text"), cancellationToken)));
        pages.MapPost($"{ModerationSite.Path}/scans", RescanAsync);
        pages.MapGet("/reviews/{review}/history", HistoryAsync);
    }

    private static async Task<IResult> SetRuleAsync(string name, HttpContext context, Approvals approvals, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        return PostedForm.SeeOther(context, await approvals.SetRuleAsync(caller, name, new ApprovalRule { IsNeeded = context.Field("needed") == "yes" }, cancellationToken), $"{PublisherPortal.AddressOf(name)}#members");
    }

    private static async Task<IResult> RescanAsync(HttpContext context, Rescans rescans, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        return PostedForm.SeeOther(context, await rescans.RescanAsync(caller, new NewRescan { IsOfAll = context.Field("all") == "yes" }, cancellationToken), ModerationSite.Path);
    }

    private static async Task<IResult> HistoryAsync(string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken)
    {
        if (!(await reviews.FindAsync(context.Caller(), review, cancellationToken)).TryGet(out var found, out var refusal)) return refusal;
        if (!(await reviews.HistoryAsync(context.Caller(), review, cancellationToken)).TryGet(out var history, out refusal)) return refusal;
        return new PageResult<ReviewPast>($"A review of {found.Plugin}", new(StringComparer.Ordinal)
        {
            [nameof(ReviewPast.Review)] = found,
            [nameof(ReviewPast.Edits)] = history.Edits,
        });
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, string id, string version, Func<Caller, PluginVersionAddress, Task<Answer<Submission>>> change)
    {
        if (!VersionEndpoints.Prepare(context, id, version, out var caller, out var address, out var refusal)) return refusal;
        return PostedForm.SeeOther(context, await change(caller, address), $"{PublisherPortal.AddressOf(address.Id.Publisher)}#submissions");
    }
}
