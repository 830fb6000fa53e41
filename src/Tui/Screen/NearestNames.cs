using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Tui.Screen;

/// <summary>Finds what a user may have meant.</summary>
internal static class NearestNames
{
    private const int Shown = 3;

    /// <summary>A hint: the names nearest to what was given, or the first of all when none is near.</summary>
    public static string Hint(string given, IEnumerable<string> names, string whenEmpty)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToList();
        if (all.Count == 0)
            return whenEmpty;
        // The beginning of a name is as good as a name with a slip in it.
        var near = all.Where(name => name.StartsWith(given, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
            .Concat(NearestName.Near(given, all)).Distinct(StringComparer.Ordinal).Take(Shown).ToList();
        return near.Count > 0 ? $"did you mean {Quoted(near, " or ")}" : $"there are {Quoted(all.Take(Shown), ", ")}{(all.Count > Shown ? " and others" : "")}";
    }

    private static string Quoted(IEnumerable<string> names, string separator) => string.Join(separator, names.Select(n => $"`{n}`"));
}
