using System.Collections.Frozen;

namespace LazyOC.Marketplace.Accounts;

/// <summary>Names that only who keeps the marketplace can have, because people would take them for somebody.</summary>
internal static class Reserved
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "admin", "administrator", "anonymous", "api", "builtin", "core", "help", "host", "kubernetes", "lazyoc", "local", "marketplace", "me",
        "mine", "moderator", "nobody", "official", "openshift", "plugin", "plugins", "redhat", "red-hat", "registry", "root", "search", "security",
        "server", "staff", "support", "system", "test", "unknown", "user", "verified", "www");

    public static bool Contains(string name) => Names.Contains(name);

    /// <summary>What a name looks like at a glance; two that look alike have the same.</summary>
    public static string LooksOf(string name) => name
        .Replace("-", "", StringComparison.Ordinal)
        .Replace("rn", "m", StringComparison.Ordinal)
        .Replace("vv", "w", StringComparison.Ordinal)
        .Replace('0', 'o').Replace('1', 'l').Replace('i', 'l').Replace('5', 's');
}
