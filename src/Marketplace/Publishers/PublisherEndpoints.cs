using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Publishers;

/// <summary>Publishers, their members and keys over HTTP.</summary>
internal static class PublisherEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/publishers").WithTags("publishers");
        group.MapPost("", CreateAsync).Takes<NewPublisher>().Gives<PublisherInfo>(StatusCodes.Status201Created).WithSummary("Takes a publisher's name");
        group.MapGet("/{name}", InfoAsync).Gives<PublisherInfo>().WithSummary("A publisher");
        group.MapPut("/{name}/members/{account}", SetMemberAsync).Takes<MemberRole>().Gives<PublisherInfo>().WithSummary("Gives a member another role");
        group.MapDelete("/{name}/members/{account}", RemoveMemberAsync).GivesNothing().WithSummary("Takes an account's role away");
        group.MapPost("/{name}/keys", AddKeyAsync).Takes<NewAuthorKey>().Gives<PublisherInfo>().WithSummary("Adds a key that packages may be signed with");
        group.MapPut("/{name}/keys/{key}/revocation", RevokeKeyAsync).Takes<Reason>().Gives<PublisherInfo>().WithSummary("Revokes a key");
        group.MapPost("/{name}/rotations", RotateKeyAsync).Takes<NewRotation>().Gives<PublisherInfo>().WithSummary("Puts one key in the place of another");
    }

    private static async Task<IResult> CreateAsync(HttpContext context, PublisherStore publishers, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewPublisher)).TryGet(out var asked, out refusal)) return refusal;
        return (await publishers.CreateAsync(caller, asked, cancellationToken)).Json(ApiJson.Default.PublisherInfo, StatusCodes.Status201Created);
    }

    private static async Task<IResult> InfoAsync(string name, HttpContext context, PublisherStore publishers, CancellationToken cancellationToken) => (await publishers.InfoAsync(name, Sight.Of(context), cancellationToken)).Json(ApiJson.Default.PublisherInfo);

    private static async Task<IResult> SetMemberAsync(string name, string account, HttpContext context, PublisherStore publishers, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.MemberRole)).TryGet(out var asked, out refusal)) return refusal;
        return (await publishers.SetMemberAsync(caller, name, account, asked.Role, cancellationToken)).Json(ApiJson.Default.PublisherInfo);
    }

    private static async Task<IResult> RemoveMemberAsync(string name, string account, HttpContext context, PublisherStore publishers, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await publishers.RemoveMemberAsync(caller, name, account, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> AddKeyAsync(string name, HttpContext context, AuthorKeys keys, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewAuthorKey)).TryGet(out var asked, out refusal)) return refusal;
        return (await keys.AddAsync(caller, name, asked, cancellationToken)).Json(ApiJson.Default.PublisherInfo);
    }

    private static async Task<IResult> RevokeKeyAsync(string name, string key, HttpContext context, AuthorKeys keys, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!KeyId.TryParse(key, out var id)) return Refusal.Invalid("key", "`key` is no key's id", "`sha256:` and 64 lower-case hexadecimal digits");
        if (!(await context.ReadAsync(ApiJson.Default.Reason)).TryGet(out var asked, out refusal)) return refusal;
        return (await keys.RevokeAsync(caller, name, id, asked.Text, cancellationToken)).Json(ApiJson.Default.PublisherInfo);
    }

    private static async Task<IResult> RotateKeyAsync(string name, HttpContext context, AuthorKeys keys, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewRotation)).TryGet(out var asked, out refusal)) return refusal;
        return (await keys.RotateAsync(caller, name, asked, cancellationToken)).Json(ApiJson.Default.PublisherInfo);
    }
}
