using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Plugins;

/// <summary>A search that was asked for and makes sense.</summary>
/// <param name="Query">As it was asked for.</param>
/// <param name="Words">Its words: lower-case letters and digits.</param>
/// <param name="After">Where the page before ended; null for the first page.</param>
/// <param name="Limit">Plugins of a page.</param>
internal sealed record SearchRequest(SearchQuery Query, ImmutableArray<string> Words, SearchCursor? After, int Limit)
{
    private static readonly string[] Known = ["q", "category", "publisher", "license", "uses", "usesNot", "hostApi", "updatedSince", "minRating", "verified", "sort", "cursor", "limit"];

    /// <summary>Whether anything but words is asked for.</summary>
    public bool HasFilters => Query with { Text = "", Sort = SearchSort.Relevance } != new SearchQuery();

    /// <summary>Reads the query of an address.</summary>
    public static Answer<SearchRequest> Read(IQueryCollection query, MarketLimits limits)
    {
        foreach (var (name, values) in query)
        {
            if (!Known.Contains(name, StringComparer.Ordinal)) return Refusal.Invalid("query", "the query has a parameter that is not known", $"known are {string.Join(", ", Known.Select(known => $"`{known}`"))}");
            if (values.Count != 1) return Refusal.Invalid(name, $"`{name}` is there {values.Count} times");
            if (values[0]!.Length > limits.MaxQueryChars) return Refusal.Invalid(name, $"`{name}` has more than {limits.MaxQueryChars:N0} characters");
        }
        string? Text(string name) => query[name] is [{ Length: > 0 } value] ? value : null;

        var sort = SearchSort.Relevance;
        if (Text("sort") is { } order && !(Enum.TryParse(order, ignoreCase: true, out sort) && Stored.Name(sort) == order)) return Refusal.Invalid("sort", "`sort` is none of `relevance`, `rating`, `installs` and `recent`");
        var limit = limits.PageEntries;
        if (Text("limit") is { } asked && !(int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= limits.MaxPageEntries)) return Refusal.Invalid("limit", $"`limit` is no number from 1 to {limits.MaxPageEntries}");
        DateTimeOffset? since = null;
        if (Text("updatedSince") is { } time)
        {
            if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)) return Refusal.Invalid("updatedSince", "`updatedSince` is no time", "such as `2026-03-01` or `2026-03-01T12:00:00Z`");
            since = parsed;
        }
        double? rating = null;
        if (Text("minRating") is { } least)
        {
            if (!double.TryParse(least, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed) || !(parsed is >= 0 and <= 5)) return Refusal.Invalid("minRating", "`minRating` is no number from 0 to 5");
            rating = parsed;
        }
        foreach (var name in new[] { "uses", "usesNot" })
            if (Text(name) is { } permission && !PermissionNames.All.Contains(permission)) return Refusal.Invalid(name, $"`{name}` is no permission that is searched for", $"known are {string.Join(", ", PermissionNames.All.Select(known => $"`{known}`"))}");
        if (Text("hostApi") is { } api && !SemanticVersion.TryParse(api, out _)) return Refusal.Invalid("hostApi", "`hostApi` is no version");
        if (Text("verified") is not (null or "true" or "false")) return Refusal.Invalid("verified", "`verified` is neither `true` nor `false`");
        var words = WordsOf(Text("q") ?? "");
        // Without words, nothing fits better than anything else.
        if (sort == SearchSort.Relevance && words.IsEmpty) sort = SearchSort.Installs;
        SearchCursor? cursor = null;
        if (Text("cursor") is { } text && (cursor = SearchCursor.Read(text, sort)) is null) return Refusal.Invalid("cursor", "`cursor` is not one that a page of this search gave");

        return new SearchRequest(
            new SearchQuery
            {
                Text = Text("q") ?? "",
                Category = Text("category"),
                Publisher = Text("publisher"),
                License = Text("license"),
                Uses = Text("uses"),
                UsesNot = Text("usesNot"),
                HostApi = Text("hostApi"),
                UpdatedSince = since,
                MinRating = rating,
                Verified = Text("verified") == "true",
                Sort = sort,
            },
            [.. words.Take(limits.MaxQueryWords)], cursor, limit);
    }

    /// <summary>The words of a text: runs of letters and digits, in lower case.</summary>
    public static ImmutableArray<string> WordsOf(string text) =>
        [.. new string([.. text.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}

/// <summary>Where a page ended: the value that it is sorted by, and the plugin.</summary>
internal sealed record SearchCursor(double Key, string Id)
{
    /// <summary>Reads a cursor; null when it is none, or of another order.</summary>
    public static SearchCursor? Read(string text, SearchSort sort)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length)) return null;
        return Encoding.UTF8.GetString(bytes.AsSpan(0, length)).Split(' ') is [var order, var key, var id]
            && order == Stored.Name(sort) && double.TryParse(key, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && PluginId.TryParse(id, out _)
                ? new SearchCursor(value, id)
                : null;
    }

    public string Write(SearchSort sort) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Stored.Name(sort)} {Key:R} {Id}"))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
