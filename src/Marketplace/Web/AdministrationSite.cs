using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Administration;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Web.Pages;
using Microsoft.AspNetCore.Components;

namespace LazyOC.Marketplace.Web;

/// <summary>The pages for administrators.</summary>
internal static class AdministrationSite
{
    public const string AccountsPath = $"{Path}/accounts";
    public const string ScannersPath = $"{Path}/scanners";
    public const string PolicyPath = $"{Path}/policy";
    public const string StoragePath = $"{Path}/storage";
    public const string JobsPath = $"{Path}/jobs";

    private const string Path = "/admin";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(AccountsPath, AccountsAsync);
        pages.MapPost($"{AccountsPath}/{{name}}/role", SetRoleAsync);
        pages.MapPost($"{AccountsPath}/{{name}}/suspension", SuspendAsync);
        pages.MapGet(ScannersPath, (HttpContext context, ServerState state, CancellationToken cancellationToken) => ReportAsync<AdminScanners>("Scanners", context, state, cancellationToken));
        pages.MapGet(StoragePath, (HttpContext context, ServerState state, CancellationToken cancellationToken) => ReportAsync<AdminStorage>("Storage", context, state, cancellationToken));
        pages.MapGet(JobsPath, (HttpContext context, ServerState state, CancellationToken cancellationToken) => ReportAsync<AdminJobs>("Jobs", context, state, cancellationToken));
        pages.MapGet(PolicyPath, PolicyAsync);
    }

    /// <summary>Where the accounts are whose names have a part in them.</summary>
    public static string AddressOf(string query, string? cursor = null) =>
        $"{AccountsPath}?query={Uri.EscapeDataString(query)}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";

    private static async Task<IResult> AccountsAsync(string? query, string? cursor, HttpContext context, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await accounts.ListAsync(caller, query, cursor, cancellationToken)).TryGet(out var entries, out refusal)) return refusal;
        return new PageResult<AdminAccounts>("Accounts", new(StringComparer.Ordinal) { [nameof(AdminAccounts.Entries)] = entries, [nameof(AdminAccounts.Query)] = query ?? "" });
    }

    private static async Task<IResult> SetRoleAsync(string name, HttpContext context, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!Enum.TryParse<SiteRole>(context.Field("role"), ignoreCase: true, out var role) || !Enum.IsDefined(role)) return Refusal.Invalid("role", "`role` is none of `user`, `moderator` and `admin`");
        return PostedForm.SeeOther(context, await accounts.SetRoleAsync(caller, name, role, cancellationToken), AddressOf(name));
    }

    private static async Task<IResult> SuspendAsync(string name, HttpContext context, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        return PostedForm.SeeOther(context, await accounts.SuspendAsync(caller, name, context.ReasonField(), cancellationToken), AddressOf(name));
    }

    private static async Task<IResult> ReportAsync<TPage>(string title, HttpContext context, ServerState state, CancellationToken cancellationToken)
        where TPage : IComponent
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await state.ReportAsync(caller, cancellationToken)).TryGet(out var report, out refusal)) return refusal;
        return new PageResult<TPage>(title, new(StringComparer.Ordinal) { ["Report"] = report });
    }

    private static async Task<IResult> PolicyAsync(HttpContext context, Database database, MarketOptions options, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (caller.LacksAdministration() is { } lacks) return lacks;
        return new PageResult<AdminPolicy>("Policy", new(StringComparer.Ordinal)
        {
            [nameof(AdminPolicy.Text)] = options.Policy is { } policy ? JsonNode.Parse(policy.ToUtf8())!.ToJsonString(Indented) : null,
            [nameof(AdminPolicy.Expires)] = Stored.Time(await database.ReadAsync(sql => sql.FirstAsync<long?>("SELECT expires FROM documents WHERE path = @Policy", new { RegistryPaths.Policy }), cancellationToken)),
        });
    }
}
