using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Installing;

/// <summary>The marketplaces among the registries of a home: those with accounts, search and reviews.</summary>
internal sealed class Markets(Registries registries)
{
    /// <summary>A marketplace, and what it is called here.</summary>
    /// <param name="Name">Of the registry; the address of one that was never added.</param>
    /// <param name="Client">Speaks to it, with the token that is kept for it.</param>
    public sealed record Market(string Name, MarketClient Client) : IDisposable
    {
        public void Dispose() => Client.Dispose();
    }

    /// <summary>The marketplace that is meant.</summary>
    /// <param name="asked">Name or address; null for the first registry that is one. An address need not be of a registry that was added.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserError">There is none, or it cannot be asked.</exception>
    public async Task<Market> OpenAsync(string? asked, CancellationToken cancellationToken)
    {
        var known = registries.Read().Registries;
        if (asked is not null && known.FirstOrDefault(entry => entry.Name == asked || IsSame(entry.Url, asked)) is null)
        {
            if (!Uri.TryCreate(asked, UriKind.Absolute, out var address) || address.IsFile)
                throw new UserError(ExitCode.NotFound, $"there is no registry `{asked}`", "`lazyoc registry list` shows those there are; an address will do, too") { Help = HelpPage.Registry };
            var config = (await registries.OpenUnknown(address).ConfigAsync(cancellationToken)).OrThrow(ExitCode.Refused);
            return ClientOf(asked, address, config, token: null) ?? throw NoMarket(asked);
        }
        foreach (var entry in known.Where(entry => asked is null || entry.Name == asked || IsSame(entry.Url, asked)))
        {
            if (entry.Url.IsFile) continue;
            var config = (await registries.Open(entry).ConfigAsync(cancellationToken)).OrThrow(ExitCode.Refused);
            if (ClientOf(entry.Name, entry.Url, config, registries.TokenOf(entry.Name)) is { } market) return market;
        }
        throw asked is not null ? NoMarket(asked) : new UserError(ExitCode.NotFound, "no registry here is a marketplace", "`lazyoc registry add URL` adds one, `--registry URL` names one") { Help = HelpPage.Registry };
    }

    private static Market? ClientOf(string name, Uri root, RegistryConfig config, string? token)
    {
        if (config.ApiRoot is not { } api) return null;
        var address = new Uri(root.AbsoluteUri.EndsWith('/') ? root : new Uri(root.AbsoluteUri + "/"), api);
        // A token is for who it was given by, and travels protected.
        var isOwn = address.Scheme == root.Scheme && address.Authority == root.Authority;
        return isOwn
            ? new Market(name, new MarketClient(address, token, Registries.UserAgent))
            : throw new UserError(ExitCode.Refused, $"{name} sends its users to another server, {address.GetLeftPart(UriPartial.Authority)}", "tell who keeps it");
    }

    private static bool IsSame(Uri known, string asked) => known.AbsoluteUri.TrimEnd('/') == asked.TrimEnd('/');

    private static UserError NoMarket(string name) => new(ExitCode.Refused, $"{name} is a registry of files: it has no accounts, search or reviews", "`lazyoc plugin install ID` works with it");
}

/// <summary>Answers of a marketplace as commands report them.</summary>
internal static class ApiResults
{
    /// <summary>The value, or why there is none as a user error.</summary>
    /// <exception cref="UserError">It was refused, or the marketplace cannot be asked.</exception>
    public static T OrThrow<T>(this ApiResult<T> result)
        where T : class
    {
        if (result.TryGet(out var value, out var problem)) return value;
        var exitCode = problem.Status switch
        {
            0 or 429 or >= 500 => ExitCode.Unavailable,
            404 or 410 => ExitCode.NotFound,
            _ => ExitCode.Refused,
        };
        if (problem.Problems is { IsDefaultOrEmpty: false }) return result.ToOutcome().OrThrow(exitCode);
        // The sentence says which part it is about; what helps is a command of this program.
        throw new UserError(exitCode, problem.Detail, HintOf(problem) ?? problem.Hint) { Help = HelpPage.Marketplace };
    }

    private static string? HintOf(ApiProblem problem) => problem.Kind switch
    {
        ProblemTypes.Unauthenticated => "`lazyoc market login` signs in; a token from the web site goes into `lazyoc registry login NAME`",
        ProblemTypes.SecondFactor => "`--code CODE` gives the code of your second factor",
        ProblemTypes.NameTaken => "choose another name; if it is yours, `lazyoc market login` signs in, and the owner of a publisher adds you by `lazyoc market publisher invite`",
        ProblemTypes.TokenScope => "`lazyoc market token new` makes one with other scopes",
        _ => null,
    };
}
