using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Marketplace.Web.Pages;

namespace LazyOC.Marketplace.Web;

/// <summary>The developer portal: somebody's publishers and tokens.</summary>
internal static class Portal
{
    public const string Path = "/portal";
    public const string PublishersPath = $"{Path}/publishers";
    public const string TokensPath = $"{Path}/tokens";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, (HttpContext context, AccountStore accounts, Invitations invitations, CancellationToken cancellationToken) => ShowAsync(context, accounts, invitations, null, cancellationToken));
        pages.MapPost(PublishersPath, CreatePublisherAsync);
        pages.MapGet(TokensPath, (HttpContext context, TokenStore tokens, MarketLimits limits, CancellationToken cancellationToken) => ShowTokensAsync(context, tokens, limits, null, null, cancellationToken));
        pages.MapPost(TokensPath, CreateTokenAsync);
        pages.MapPost($"{TokensPath}/{{id}}/revocation", RevokeTokenAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, AccountStore accounts, Invitations invitations, Refusal? problem, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await accounts.InfoAsync(caller, cancellationToken)).TryGet(out var account, out refusal)) return refusal;
        if (!(await invitations.OfCallerAsync(caller, cancellationToken)).TryGet(out var invited, out refusal)) return refusal;
        return new PageResult<PortalHome>("Developer portal", new(StringComparer.Ordinal)
        {
            [nameof(PortalHome.Account)] = account,
            [nameof(PortalHome.Invited)] = invited.Invitations,
            [nameof(PortalHome.Problem)] = problem is null ? null : FormProblem.Of(problem),
        })
        {
            Status = problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> CreatePublisherAsync(HttpContext context, PublisherStore publishers, AccountStore accounts, Invitations invitations, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        var asked = new NewPublisher { Name = context.Field("name"), DisplayName = context.OptionalField("displayName") };
        return (await publishers.CreateAsync(caller, asked, cancellationToken)).TryGet(out var made, out refusal)
            ? PostedForm.SeeOther(context, PublisherPortal.AddressOf(made.Name))
            : await ShowAsync(context, accounts, invitations, refusal, cancellationToken);
    }

    private static async Task<IResult> ShowTokensAsync(HttpContext context, TokenStore tokens, MarketLimits limits, CreatedToken? made, Refusal? problem, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        // As over the API: the list tells a thief what else there is to take.
        if (caller.Token is not null) return new Refusal(ProblemTypes.TokenScope, "a token cannot list tokens") { Hint = "sign in with your password" };
        context.Response.Headers.CacheControl = "no-store";
        return new PageResult<Tokens>("Tokens", new(StringComparer.Ordinal)
        {
            [nameof(Tokens.List)] = (await tokens.ListAsync(caller, cancellationToken)).Tokens,
            [nameof(Tokens.Made)] = made,
            [nameof(Tokens.MaxDays)] = limits.MaxTokenDays,
            [nameof(Tokens.Problem)] = problem is null ? null : FormProblem.Of(problem),
        })
        {
            Status = problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> CreateTokenAsync(HttpContext context, TokenStore tokens, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!ReadToken(context).TryGet(out var asked, out refusal)) return await ShowTokensAsync(context, tokens, limits, null, refusal, cancellationToken);
        // Shown in the answer itself, the only time: it is kept nowhere that a page could be loaded again from.
        return (await tokens.CreateAsync(caller, asked, cancellationToken)).TryGet(out var made, out refusal)
            ? await ShowTokensAsync(context, tokens, limits, made, null, cancellationToken)
            : await ShowTokensAsync(context, tokens, limits, null, refusal, cancellationToken);
    }

    private static Answer<NewToken> ReadToken(HttpContext context)
    {
        var scopes = ImmutableArray.CreateBuilder<TokenScope>();
        foreach (var name in context.Request.Form["scope"])
        {
            if (!Enum.TryParse<TokenScope>(name, ignoreCase: true, out var scope) || !Enum.IsDefined(scope)) return Refusal.Invalid("scope", "`scope` is no scope");
            scopes.Add(scope);
        }
        int? days = null;
        if (context.OptionalField("days") is { } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)) return Refusal.Invalid("days", "`days` is no number");
            days = parsed;
        }
        return new NewToken
        {
            Name = context.Field("name"),
            Scopes = scopes.DrainToImmutable(),
            Plugins = context.OptionalField("plugins") ?? "*",
            Days = days,
            Networks = [.. context.Field("networks").Split([' ', ',', '\n'], StringSplitOptions.RemoveEmptyEntries)],
        };
    }

    private static async Task<IResult> RevokeTokenAsync(string id, HttpContext context, TokenStore tokens, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        return await tokens.RevokeAsync(caller, id, cancellationToken) ? PostedForm.SeeOther(context, TokensPath) : Refusal.NotFound("token of yours with this id");
    }
}
