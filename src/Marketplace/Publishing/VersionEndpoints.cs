using System.Diagnostics.CodeAnalysis;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Publishing;

/// <summary>Withdrawing versions over HTTP.</summary>
internal static class VersionEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/plugins/{id}").WithTags("publishing");
        group.MapPut("/{version}/yank", YankAsync).Takes<Reason>().Gives<Submission>().WithSummary("Withdraws a version: it is chosen only where it is locked");
        group.MapDelete("/{version}/yank", UnyankAsync).GivesNothing().WithSummary("Takes a yank back");
        group.MapDelete("/{version}", UnpublishAsync).GivesNothing().WithSummary("Takes a version back that went live lately and that nothing depends on");
        group.MapPut("/deprecation", DeprecateAsync).Takes<NewDeprecation>().Gives<PluginInfo>().WithSummary("Says that nobody looks after a plugin any more");
        group.MapDelete("/deprecation", UndeprecateAsync).GivesNothing().WithSummary("Takes that back");
    }

    private static async Task<IResult> YankAsync(string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken)
    {
        if (!Prepare(context, id, version, out var caller, out var address, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.Reason)).TryGet(out var reason, out refusal)) return refusal;
        return (await changes.YankAsync(caller, address, reason.Text, cancellationToken)).Json(ApiJson.Default.Submission);
    }

    private static async Task<IResult> UnyankAsync(string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken) =>
        Prepare(context, id, version, out var caller, out var address, out var refusal) ? (await changes.YankAsync(caller, address, null, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> UnpublishAsync(string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken) =>
        Prepare(context, id, version, out var caller, out var address, out var refusal) ? (await changes.UnpublishAsync(caller, address, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> DeprecateAsync(string id, HttpContext context, VersionChanges changes, Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!PluginId.TryParse(id, out var plugin)) return Refusal.Invalid("id", "`id` is no plugin id");
        if (!(await context.ReadAsync(ApiJson.Default.NewDeprecation)).TryGet(out var asked, out refusal)) return refusal;
        if (await changes.DeprecateAsync(caller, plugin, asked, cancellationToken) is { } why) return why;
        return (await PluginPage.FindAsync(database, time, plugin, Sight.Of(context), cancellationToken)).Json(ApiJson.Default.PluginInfo);
    }

    private static async Task<IResult> UndeprecateAsync(string id, HttpContext context, VersionChanges changes, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!PluginId.TryParse(id, out var plugin)) return Refusal.Invalid("id", "`id` is no plugin id");
        return (IResult?)await changes.DeprecateAsync(caller, plugin, null, cancellationToken) ?? Results.NoContent();
    }

    /// <summary>Who asks, and for which version.</summary>
    internal static bool Prepare(
        HttpContext context, string id, string version,
        [NotNullWhen(true)] out Caller? caller, [NotNullWhen(true)] out PluginVersionAddress? address, [NotNullWhen(false)] out Refusal? refusal)
    {
        address = null;
        return context.RequireCaller().TryGet(out caller, out refusal) && PublishEndpoints.Parse(id, version).TryGet(out address, out refusal);
    }
}
