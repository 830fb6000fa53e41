using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Teams;

/// <summary>Teams, and what is kept for them, over HTTP.</summary>
internal static class TeamEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("teams");
        group.MapGet("/teams", ListAsync).Gives<TeamList>().WithSummary("The caller's teams; all of them for administrators");
        group.MapPut("/teams/{name}", CreateAsync).GivesNothing().WithSummary("Makes a team; for administrators");
        group.MapDelete("/teams/{name}", DeleteAsync).GivesNothing().WithSummary("Removes a team; for administrators");
        group.MapPut("/teams/{name}/members/{account}", AddMemberAsync).GivesNothing().WithSummary("Puts an account into a team; for administrators");
        group.MapDelete("/teams/{name}/members/{account}", RemoveMemberAsync).GivesNothing().WithSummary("Takes an account out of a team; for administrators");
        group.MapGet("/publishers/{name}/visibility", OfPublisherAsync).Gives<Visibility>().WithSummary("Who sees a publisher; for its members and moderators");
        group.MapPut("/publishers/{name}/visibility", SetOfPublisherAsync).Takes<NewVisibility>().Gives<Visibility>().WithSummary("Keeps a publisher and all of its plugins for some teams; for its owners");
        group.MapGet("/plugins/{id}/visibility", OfPluginAsync).Gives<Visibility>().WithSummary("Who sees a plugin; for members of its publisher and moderators");
        group.MapPut("/plugins/{id}/visibility", SetOfPluginAsync).Takes<NewVisibility>().Gives<Visibility>().WithSummary("Keeps a plugin for some teams; for owners of its publisher");
    }

    private static async Task<IResult> ListAsync(HttpContext context, TeamStore teams, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await teams.ListAsync(caller, cancellationToken)).Json(ApiJson.Default.TeamList) : refusal;

    private static async Task<IResult> CreateAsync(string name, HttpContext context, TeamStore teams, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await teams.CreateAsync(caller, name, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> DeleteAsync(string name, HttpContext context, TeamStore teams, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await teams.DeleteAsync(caller, name, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> AddMemberAsync(string name, string account, HttpContext context, TeamStore teams, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await teams.AddMemberAsync(caller, name, account, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> RemoveMemberAsync(string name, string account, HttpContext context, TeamStore teams, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await teams.RemoveMemberAsync(caller, name, account, cancellationToken)).NoContent() : refusal;

    private static Task<IResult> OfPublisherAsync(string name, HttpContext context, TeamStore teams, CancellationToken cancellationToken) => ShowAsync(context, teams, name, null, cancellationToken);

    private static Task<IResult> SetOfPublisherAsync(string name, HttpContext context, TeamStore teams, CancellationToken cancellationToken) => SetAsync(context, teams, name, null, cancellationToken);

    private static async Task<IResult> OfPluginAsync(string id, HttpContext context, TeamStore teams, CancellationToken cancellationToken) =>
        PluginId.TryParse(id, out var plugin) ? await ShowAsync(context, teams, plugin.Publisher, plugin, cancellationToken) : NoId;

    private static async Task<IResult> SetOfPluginAsync(string id, HttpContext context, TeamStore teams, CancellationToken cancellationToken) =>
        PluginId.TryParse(id, out var plugin) ? await SetAsync(context, teams, plugin.Publisher, plugin, cancellationToken) : NoId;

    private static Refusal NoId => Refusal.Invalid("id", "`id` is no plugin id", "`publisher.name` in lower-case letters, digits and hyphens");

    private static async Task<IResult> ShowAsync(HttpContext context, TeamStore teams, string publisher, PluginId? plugin, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await teams.VisibilityAsync(caller, publisher, plugin, cancellationToken)).Json(ApiJson.Default.Visibility) : refusal;

    private static async Task<IResult> SetAsync(HttpContext context, TeamStore teams, string publisher, PluginId? plugin, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewVisibility)).TryGet(out var asked, out refusal)) return refusal;
        return (await teams.SetVisibilityAsync(caller, publisher, plugin, asked, cancellationToken)).Json(ApiJson.Default.Visibility);
    }
}
