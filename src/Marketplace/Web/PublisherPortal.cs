using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Storage;
using LazyOC.Marketplace.Web.Pages;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Web;

/// <summary>A publisher's part of the developer portal: keys, members, submissions, and what becomes of versions.</summary>
internal static class PublisherPortal
{
    private const string Route = $"{Portal.PublishersPath}/{{name}}";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Route, ShowAsync);
        pages.MapPost($"{Route}/keys", AddKeyAsync);
        pages.MapPost($"{Route}/revocations", RevokeKeyAsync);
        pages.MapPost($"{Route}/members", SetMemberAsync);
        pages.MapPost($"{Route}/uploads", UploadAsync).WithMetadata(new PostedForm.TakesFile());
        pages.MapPost("/portal/plugins/{id}/deprecation", DeprecateAsync);
        pages.MapPost("/portal/plugins/{id}/{version}/yank", YankAsync);
        pages.MapPost("/portal/plugins/{id}/{version}/removal", UnpublishAsync);
    }

    public static string AddressOf(string publisher) => $"{Portal.PublishersPath}/{publisher}";

    private static async Task<IResult> ShowAsync(string name, HttpContext context, PublisherStore publishers, AccountStore accounts, Database database, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await accounts.InfoAsync(caller, cancellationToken)).TryGet(out var account, out refusal)) return refusal;
        if (account.Publishers.FirstOrDefault(membership => membership.Publisher == name) is not { } mine) return Refusal.NotFound("publisher that you are a member of");
        if (!(await publishers.InfoAsync(name, cancellationToken)).TryGet(out var info, out refusal)) return refusal;
        return new PageResult<PublisherPortalView>($"{info.DisplayName}: portal", new(StringComparer.Ordinal)
        {
            [nameof(PublisherPortalView.Info)] = info,
            [nameof(PublisherPortalView.MyRole)] = mine.Role,
            [nameof(PublisherPortalView.Submissions)] = await database.ReadAsync(sql => SubmissionRows.OfPublisherAsync(sql, name, limits.MaxListedSubmissions), cancellationToken),
        });
    }

    private static async Task<IResult> AddKeyAsync(string name, HttpContext context, AuthorKeys keys, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!PublicKey.FromPem(context.Field("key") + "\n").TryGet(out var key, out var problems)) return Refusal.Of(ProblemTypes.InvalidRequest, problems) with { Field = "key" };
        return PostedForm.SeeOther(context, await keys.AddAsync(caller, name, new NewAuthorKey { Key = key, Comment = context.Field("comment") }, cancellationToken), $"{AddressOf(name)}#keys");
    }

    private static async Task<IResult> RevokeKeyAsync(string name, HttpContext context, AuthorKeys keys, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!KeyId.TryParse(context.Field("key"), out var id)) return Refusal.Invalid("key", "`key` is no key's id");
        return PostedForm.SeeOther(context, await keys.RevokeAsync(caller, name, id, context.Field("reason"), cancellationToken), $"{AddressOf(name)}#keys");
    }

    /// <summary>Gives a member a role; with none, takes the one that he has.</summary>
    private static async Task<IResult> SetMemberAsync(string name, HttpContext context, PublisherStore publishers, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        var (account, role) = (context.Field("account"), context.OptionalField("role"));
        if (role is null) return PostedForm.SeeOther(context, await publishers.RemoveMemberAsync(caller, name, account, cancellationToken), account == caller.Name ? Portal.Path : $"{AddressOf(name)}#members");
        if (!Enum.TryParse<PublisherRole>(role, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed)) return Refusal.Invalid("role", "`role` is none of `reviewer`, `maintainer` and `owner`");
        return PostedForm.SeeOther(context, await publishers.SetMemberAsync(caller, name, account, parsed, cancellationToken), $"{AddressOf(name)}#members");
    }

    /// <summary>Publishes a package; what it is, it says itself.</summary>
    private static async Task<IResult> UploadAsync(
        string name, HttpContext context, Submissions submissions, PackageStorage packages, Database database, RequestLimits requests, UploadSlots slots, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if ((await database.ReadAsync(sql => PublisherStore.LacksRoleAsync(sql, caller, name, PublisherRole.Maintainer, TokenScope.Publish), cancellationToken) ?? requests.TakePublish(caller)) is { } why) return why;
        using var slot = slots.Take(caller.AccountId);
        if (slot is null) return new Refusal(ProblemTypes.RateLimited, $"{limits.MaxUploadsAtOnce} uploads of yours are under way") { RetryAfter = TimeSpan.FromSeconds(5) };
        if (!(await Upload.ReadAsync(context, packages, limits)).TryGet(out var upload, out refusal)) return refusal;
        await using (upload.File)
        {
            if (!PluginPackage.Open(await File.ReadAllBytesAsync(upload.File.Path, cancellationToken)).TryGet(out var package, out var problems)) return Refusal.Of(ProblemTypes.InvalidPackage, problems);
            var manifest = package.Manifest;
            if (manifest.Id.Publisher != name) return new Refusal(ProblemTypes.InvalidPackage, $"the manifest's id is `{manifest.Id}`, which is not one of `{name}`") { Field = "package" };
            return PostedForm.SeeOther(context, await submissions.AcceptAsync(caller, manifest.Id, manifest.Version, upload, cancellationToken), $"{AddressOf(name)}#submissions");
        }
    }

    private static async Task<IResult> DeprecateAsync(string id, HttpContext context, VersionChanges changes, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!PluginId.TryParse(id, out var plugin)) return Refusal.NotFound("plugin of this name");
        PluginId? successor = null;
        if (context.OptionalField("successor") is { } text)
        {
            if (!PluginId.TryParse(text, out var parsed)) return Refusal.Invalid("successor", "`successor` is no plugin id", "`publisher.name` in lower-case letters, digits and hyphens");
            successor = parsed;
        }
        var deprecation = context.ReasonField() is { } reason ? new NewDeprecation { Reason = reason, Successor = successor } : null;
        return (IResult?)await changes.DeprecateAsync(caller, plugin, deprecation, cancellationToken) ?? PostedForm.SeeOther(context, $"{AddressOf(plugin.Publisher)}#plugins");
    }

    private static async Task<IResult> YankAsync(string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken)
    {
        if (!VersionEndpoints.Prepare(context, id, version, out var caller, out var address, out var refusal)) return refusal;
        return PostedForm.SeeOther(context, await changes.YankAsync(caller, address, context.ReasonField(), cancellationToken), $"{AddressOf(address.Id.Publisher)}#submissions");
    }

    private static async Task<IResult> UnpublishAsync(string id, string version, HttpContext context, VersionChanges changes, CancellationToken cancellationToken)
    {
        if (!VersionEndpoints.Prepare(context, id, version, out var caller, out var address, out var refusal)) return refusal;
        return PostedForm.SeeOther(context, await changes.UnpublishAsync(caller, address, cancellationToken), $"{AddressOf(address.Id.Publisher)}#submissions");
    }
}
