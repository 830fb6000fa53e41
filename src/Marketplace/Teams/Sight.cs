using Dapper;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Marketplace.Teams;

/// <summary>How far something can be seen.</summary>
internal enum Visible
{
    /// <summary>To who asks, it is as if it were not there.</summary>
    No,

    /// <summary>To who asks, and not to everybody.</summary>
    ToSome,

    ToEverybody,
}

/// <summary>
/// What somebody sees of publishers and plugins. What is kept for teams is to all others as if it were not there: everything
/// that names a plugin or counts plugins asks this first.
/// </summary>
internal sealed record Sight
{
    private const string AnyPlugin = "*";

    /// <summary>Subjects that are kept from an account.</summary>
    private const string Kept =
        """
        SELECT h.subject FROM restrictions h
        WHERE NOT EXISTS (SELECT 1 FROM members m WHERE m.publisher = h.publisher AND m.account_id = @SightAccount)
          AND NOT EXISTS (SELECT 1 FROM restriction_teams t JOIN team_members a ON a.team = t.team WHERE t.subject = h.subject AND a.account_id = @SightAccount)
        """;

    private const string NotKept = $"p.id NOT IN ({Kept}) AND p.publisher NOT IN ({Kept})";

    /// <summary>Which <c>plugins p</c> everybody sees.</summary>
    public const string OfEverybody = "p.id NOT IN (SELECT subject FROM restrictions) AND p.publisher NOT IN (SELECT subject FROM restrictions)";

    /// <summary>Whether it is that of anybody, rather than of some account.</summary>
    public bool IsAnybodys => Account.Length == 0 && !SeesAll;

    private string Account { get; init; } = "";

    private bool SeesAll { get; init; }

    private bool SeesNothing { get; init; }

    private bool IsPrivate { get; init; }

    /// <summary>The plugins that a token is for; of what not everybody sees, it shows no others.</summary>
    private string Plugins { get; init; } = AnyPlugin;

    /// <summary>What is seen by who makes a request.</summary>
    public static Sight Of(HttpContext context) => Of(context.Caller(), context.RequestServices.GetRequiredService<MarketOptions>().IsPrivate);

    /// <param name="caller">Who looks; null for anybody.</param>
    /// <param name="isPrivate">Whether the whole marketplace is seen by those only that it knows.</param>
    public static Sight Of(Caller? caller, bool isPrivate)
    {
        // A token that is not for reading shows what anybody sees.
        if (caller is null || caller.Lacks(TokenScope.Read) is not null) return new Sight { IsPrivate = isPrivate, SeesNothing = isPrivate };
        return new Sight
        {
            Account = caller.AccountId,
            SeesAll = caller.LacksModeration() is null,
            IsPrivate = isPrivate,
            Plugins = caller.Token?.Plugins ?? AnyPlugin,
        };
    }

    /// <summary>Which <c>plugins p</c> are seen: a condition of constants, whose values <see cref="AddTo"/> gives.</summary>
    public string Condition
    {
        get
        {
            if (SeesNothing) return "1 = 0";
            var seen = SeesAll ? "1 = 1" : NotKept;
            if (Plugins == AnyPlugin) return seen;
            return IsPrivate ? $"{seen} AND p.id LIKE @SightPlugins" : $"{seen} AND (p.id LIKE @SightPlugins OR ({OfEverybody}))";
        }
    }

    /// <summary>Adds the values of <see cref="Condition"/>.</summary>
    public DynamicParameters AddTo(DynamicParameters values)
    {
        values.Add("SightAccount", Account);
        // Patterns of tokens have no characters that mean something to LIKE.
        values.Add("SightPlugins", Plugins.Replace('*', '%'));
        return values;
    }

    public Task<Visible> OfAsync(Sql sql, PluginId id) => OfAsync(sql, id.ToString(), id.Publisher, Glob.Matches(Plugins, id.ToString()));

    /// <summary>How far a plugin is seen that is none of a publisher of this registry.</summary>
    public Visible OfOthers(PluginId id) => SeesNothing || (IsPrivate && !Glob.Matches(Plugins, id.ToString())) ? Visible.No : IsPrivate ? Visible.ToSome : Visible.ToEverybody;

    public Task<Visible> OfAsync(Sql sql, string publisher) => OfAsync(sql, publisher, publisher, MayBeFor(publisher));

    private async Task<Visible> OfAsync(Sql sql, string subject, string publisher, bool isFor)
    {
        if (SeesNothing || (IsPrivate && !isFor)) return Visible.No;
        var open = IsPrivate ? Visible.ToSome : Visible.ToEverybody;
        var which = new { subject, publisher, SightAccount = Account };
        if (await sql.FirstAsync<long>("SELECT COUNT(*) FROM restrictions WHERE subject IN (@subject, @publisher)", which) == 0) return open;
        if (!isFor) return Visible.No;
        return SeesAll || await sql.FirstAsync<long>($"SELECT COUNT(*) FROM ({Kept}) k WHERE k.subject IN (@subject, @publisher)", which) == 0 ? Visible.ToSome : Visible.No;
    }

    /// <summary>Whether a token's pattern may fit a plugin of a publisher.</summary>
    private bool MayBeFor(string publisher)
    {
        var literal = Plugins.Split('*')[0];
        return literal.Split('.') is [var before, ..] && (literal.Contains('.', StringComparison.Ordinal) ? before == publisher : publisher.StartsWith(before, StringComparison.Ordinal) && (Plugins.Contains('*', StringComparison.Ordinal) || before == publisher));
    }
}
