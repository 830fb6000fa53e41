using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Administration;

/// <summary>What administrators see and do, over HTTP.</summary>
internal static class AdministrationEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/admin").WithTags("administration");
        group.MapGet("/accounts", ListAsync).Gives<AccountEntries>().TakesQuery("query", "A part of the names").TakesQuery("cursor", "`next` of the page before").WithSummary("All accounts, by name");
        group.MapPut("/accounts/{name}/role", SetRoleAsync).Takes<NewSiteRole>().GivesNothing().WithSummary("Gives an account a role on the whole marketplace");
        group.MapPut("/accounts/{name}/suspension", SuspendAsync).Takes<Reason>().GivesNothing().WithSummary("Lets nobody in by an account any more, nor by its tokens");
        group.MapDelete("/accounts/{name}/suspension", ResumeAsync).GivesNothing().WithSummary("Lets an account be used again");
        group.MapGet("/report", ReportAsync).Gives<ServerReport>().WithSummary("What the scanners found, what is kept, and what is still to be done");
    }

    private static async Task<IResult> ListAsync(string? query, string? cursor, HttpContext context, AccountDirectory accounts, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await accounts.ListAsync(caller, query, cursor, cancellationToken)).Json(ApiJson.Default.AccountEntries) : refusal;

    private static async Task<IResult> SetRoleAsync(string name, HttpContext context, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewSiteRole)).TryGet(out var asked, out refusal)) return refusal;
        return (await accounts.SetRoleAsync(caller, name, asked.Role, cancellationToken)).NoContent();
    }

    private static async Task<IResult> SuspendAsync(string name, HttpContext context, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.Reason)).TryGet(out var reason, out refusal)) return refusal;
        return (await accounts.SuspendAsync(caller, name, reason.Text, cancellationToken)).NoContent();
    }

    private static async Task<IResult> ResumeAsync(string name, HttpContext context, AccountDirectory accounts, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await accounts.SuspendAsync(caller, name, null, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> ReportAsync(HttpContext context, ServerState state, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await state.ReportAsync(caller, cancellationToken)).Json(ApiJson.Default.ServerReport) : refusal;
}
