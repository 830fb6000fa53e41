using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Mirror;

/// <summary>Some plugins: <c>PUBLISHER</c> or <c>PUBLISHER.NAME</c> with globs, and <c>@RANGE</c> for some of their versions.</summary>
/// <param name="Publisher">A glob.</param>
/// <param name="Name">A glob.</param>
/// <param name="Range">Null for all versions.</param>
internal sealed record UpstreamRule(string Publisher, string Name, VersionRange? Range)
{
    public bool IsWholePublisher => Name == "*" && Range is null;

    /// <summary>Reads a rule.</summary>
    public static Outcome<UpstreamRule> Read(string text)
    {
        var (plugins, range) = text.Split('@', 2) is [var before, var after] ? (before, after) : (text, null);
        var (publisher, name) = plugins.Split('.', 2) is [var first, var second] ? (first, second) : (plugins, "*");
        if (!IsGlob(publisher) || !IsGlob(name)) return new Problem(text, "does not say which plugins", "`acme`, `acme.charts`, `acme-*` or `acme.charts@^1.2`");
        VersionRange? versions = null;
        if (range is not null && (range.Length == 0 || !VersionRange.TryParse(range, out versions))) return new Problem(text, "has no version range behind the `@`", "such as `acme.charts@>=1.2 <3`");
        return new UpstreamRule(publisher, name, versions);
    }

    public bool Fits(PluginId id) => Glob.Matches(Publisher, id.Publisher) && Glob.Matches(Name, id.ToString().AsSpan(id.Publisher.Length + 1));

    public bool Fits(PluginId id, SemanticVersion version) => Fits(id) && (Range is null || Range.Contains(version));

    public override string ToString() => $"{Publisher}.{Name}{(Range is null ? "" : $"@{Range}")}";

    private static bool IsGlob(string text) => text.Length is > 0 and <= 110 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '*' or '.');
}

/// <summary>Which of the upstream's plugins are passed on: those that <see cref="Allow"/> names, all when it is empty, but none that <see cref="Deny"/> names.</summary>
internal sealed record UpstreamRules(ImmutableArray<UpstreamRule> Allow, ImmutableArray<UpstreamRule> Deny)
{
    public static UpstreamRules Everything { get; } = new([], []);

    /// <summary>Whether the upstream may learn that a publisher is asked for.</summary>
    public bool MayAsk(string publisher) =>
        (Allow.IsEmpty || Allow.Any(rule => Glob.Matches(rule.Publisher, publisher))) && !Deny.Any(rule => rule.IsWholePublisher && Glob.Matches(rule.Publisher, publisher));

    /// <summary>Whether the upstream may learn that a plugin is asked for.</summary>
    public bool MayAsk(PluginId id) => (Allow.IsEmpty || Allow.Any(rule => rule.Fits(id))) && !Deny.Any(rule => rule.Range is null && rule.Fits(id));

    /// <summary>Whether a version is passed on.</summary>
    public bool Permits(PluginId id, SemanticVersion version) => (Allow.IsEmpty || Allow.Any(rule => rule.Fits(id, version))) && !Deny.Any(rule => rule.Fits(id, version));

    public override string ToString() => $"{string.Join(' ', Allow)} - {string.Join(' ', Deny)}";
}
