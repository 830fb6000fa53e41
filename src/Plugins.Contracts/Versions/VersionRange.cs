using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Versions;

/// <summary>A set of versions, written in npm's range syntax: <c>^ ~ x - || *</c> and comparators.</summary>
/// <remarks>
/// Immutable. npm's rule holds: a prerelease is in a comparator set only if a comparator of that set names a prerelease of
/// the same three numbers. Releases and prereleases are therefore kept as two canonical unions of half-open intervals, under
/// which the algebra is exact; two ranges are equal when they hold the same versions, however they were written.
/// Source: https://docs.npmjs.com/cli/v6/using-npm/semver#ranges.
/// </remarks>
[JsonConverter(typeof(Converter))]
public sealed class VersionRange : IEquatable<VersionRange>
{
    private readonly IntervalSet _releases;
    private readonly IntervalSet _prereleases;

    internal VersionRange(IntervalSet releases, IntervalSet prereleases) => (_releases, _prereleases) = (releases, prereleases);

    /// <summary>No version.</summary>
    public static VersionRange None { get; } = new(IntervalSet.Empty, IntervalSet.Empty);

    /// <summary>Every release and every prerelease; wider than <c>*</c>, which has releases only.</summary>
    public static VersionRange All { get; } = None.Complement();

    public bool IsEmpty => _releases.IsEmpty && _prereleases.IsEmpty;

    /// <summary>Reads a range.</summary>
    /// <exception cref="FormatException">The text is not a range.</exception>
    public static VersionRange Parse(string text) => TryParse(text, out var range)
        ? range
        : throw new FormatException($"`{text}` is not a version range\nhint: a range is npm's, such as `^1.2`, `>=1.0.0 <2.0.0` or `1.x || 2.x`");

    /// <summary>Reads a range; false when the text is not one or exceeds <see cref="VersionLimits"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out VersionRange? range)
    {
        range = text is null ? null : RangeParser.Parse(text, VersionLimits.Default);
        return range is not null;
    }

    /// <summary>Exactly one version.</summary>
    public static VersionRange Exactly(SemanticVersion version) => RangeParser.FromInterval(version, Bounds.After(version), [version]);

    /// <summary>Every release and every prerelease that comes after a version.</summary>
    public static VersionRange Above(SemanticVersion version)
    {
        var above = Bounds.After(version);
        return new VersionRange(IntervalSet.Of(new Interval(Bounds.AtRelease(above), null)), IntervalSet.Of(new Interval(Bounds.AtPrerelease(above), null)));
    }

    public bool Contains(SemanticVersion version) => (version.IsPrerelease ? _prereleases : _releases).Contains(version);

    public VersionRange Intersect(VersionRange other) => new(_releases.Intersect(other._releases), _prereleases.Intersect(other._prereleases));

    public VersionRange Union(VersionRange other) => new(_releases.Union(other._releases), _prereleases.Union(other._prereleases));

    /// <summary>Every version that is not in this range, prereleases included.</summary>
    public VersionRange Complement() => new(_releases.Complement(Bounds.FirstRelease), _prereleases.Complement(Bounds.FirstPrerelease));

    /// <summary>Whether every version of this range is in <paramref name="other"/>.</summary>
    public bool IsSubsetOf(VersionRange other) => Intersect(other).Equals(this);

    public bool Equals(VersionRange? other) => other is not null && _releases.Equals(other._releases) && _prereleases.Equals(other._prereleases);

    public override bool Equals(object? obj) => Equals(obj as VersionRange);

    public override int GetHashCode() => HashCode.Combine(_releases, _prereleases);

    /// <summary>
    /// The range in canonical form, which reads back as the same set. A range with prereleases of endlessly many versions,
    /// as complements have, is beyond npm's syntax and prints as <c>not (…)</c>.
    /// </summary>
    public override string ToString() => RangePrinter.Print(this, _releases, _prereleases);

    /// <summary>Reads and writes it as a JSON string.</summary>
    public sealed class Converter : JsonConverter<VersionRange>
    {
        public override VersionRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var range)
                ? range
                : throw new JsonException("expected a version range such as `^1.0`");

        public override void Write(Utf8JsonWriter writer, VersionRange value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
