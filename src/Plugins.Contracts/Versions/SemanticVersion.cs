using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Versions;

/// <summary>Bounds of what is read as a version or a range.</summary>
/// <param name="MaxVersionLength">Characters of a version; it bounds the digits of a number too.</param>
/// <param name="MaxRangeLength">Characters of a range.</param>
/// <param name="MaxComparators">Comparators of a range, over all its alternatives.</param>
public sealed record VersionLimits(int MaxVersionLength = 256, int MaxRangeLength = 1_024, int MaxComparators = 64)
{
    public static VersionLimits Default { get; } = new();
}

/// <summary>A version of Semantic Versioning 2.0.0; its numbers have no size limit but the text's.</summary>
/// <remarks>
/// Immutable. Ordered by precedence (https://semver.org/#spec-item-11). Two versions that differ only in build metadata are
/// equal: they are the same version.
/// </remarks>
[JsonConverter(typeof(Converter))]
public sealed class SemanticVersion : IEquatable<SemanticVersion>, IComparable<SemanticVersion>
{
    internal SemanticVersion(BigInteger major, BigInteger minor, BigInteger patch, ImmutableArray<string> prerelease = default, string build = "")
    {
        (Major, Minor, Patch) = (major, minor, patch);
        Prerelease = prerelease.OrEmpty();
        Build = build;
    }

    public BigInteger Major { get; }

    public BigInteger Minor { get; }

    public BigInteger Patch { get; }

    /// <summary>The dot-separated identifiers after the hyphen; empty for a release.</summary>
    public ImmutableArray<string> Prerelease { get; }

    /// <summary>What follows the plus sign; it has no part in order and equality.</summary>
    public string Build { get; }

    public bool IsPrerelease => !Prerelease.IsEmpty;

    /// <summary>Reads a version.</summary>
    /// <exception cref="FormatException">The text is not a version.</exception>
    public static SemanticVersion Parse(string text) => TryParse(text, out var version)
        ? version
        : throw new FormatException($"`{text}` is not a version\nhint: a version is `MAJOR.MINOR.PATCH`, such as `1.4.0` or `2.0.0-beta.1`");

    /// <summary>Reads a version; false when the text is not one or is longer than <see cref="VersionLimits.MaxVersionLength"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = text is null || text.Length > VersionLimits.Default.MaxVersionLength ? null : ParseCore(text);
        return version is not null;
    }

    private static SemanticVersion? ParseCore(ReadOnlySpan<char> text)
    {
        if (!SplitTags(text, out var core, out var prerelease, out var build)) return null;
        Span<Range> parts = stackalloc Range[4];
        if (core.Split(parts, '.') != 3) return null;
        return TryNumber(core[parts[0]], out var major) && TryNumber(core[parts[1]], out var minor) && TryNumber(core[parts[2]], out var patch)
            ? new SemanticVersion(major, minor, patch, prerelease, build)
            : null;
    }

    /// <summary>Takes the prerelease and build tags off a version or a partial one; false when they are malformed.</summary>
    internal static bool SplitTags(ReadOnlySpan<char> text, out ReadOnlySpan<char> core, out ImmutableArray<string> prerelease, out string build)
    {
        core = text;
        prerelease = [];
        build = "";
        if (core.IndexOf('+') is >= 0 and var plus)
        {
            build = core[(plus + 1)..].ToString();
            core = core[..plus];
            foreach (var identifier in build.Split('.'))
                if (!IsIdentifier(identifier)) return false;
        }
        if (core.IndexOf('-') is >= 0 and var hyphen)
        {
            prerelease = [.. core[(hyphen + 1)..].ToString().Split('.')];
            core = core[..hyphen];
            foreach (var identifier in prerelease)
                if (!IsIdentifier(identifier) || (IsNumeric(identifier) && identifier is ['0', _, ..])) return false;
        }
        return true;
    }

    internal static bool TryNumber(ReadOnlySpan<char> digits, out BigInteger number)
    {
        number = default;
        return IsNumeric(digits) && digits is not ['0', _, ..] && BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsNumeric(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsIdentifier(string text)
    {
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
        return text.Length > 0;
    }

    public int CompareTo(SemanticVersion? other)
    {
        if (other is null) return 1;
        var order = CompareRelease(other);
        if (order != 0) return order;
        if (!IsPrerelease || !other.IsPrerelease) return other.IsPrerelease.CompareTo(IsPrerelease);
        for (var i = 0; i < Prerelease.Length && i < other.Prerelease.Length; i++)
        {
            order = CompareIdentifiers(Prerelease[i], other.Prerelease[i]);
            if (order != 0) return order;
        }
        return Prerelease.Length.CompareTo(other.Prerelease.Length);
    }

    /// <summary>Orders by the three numbers alone.</summary>
    internal int CompareRelease(SemanticVersion other)
    {
        var order = Major.CompareTo(other.Major);
        if (order == 0) order = Minor.CompareTo(other.Minor);
        return order == 0 ? Patch.CompareTo(other.Patch) : order;
    }

    private static int CompareIdentifiers(string left, string right)
    {
        var (leftNumeric, rightNumeric) = (IsNumeric(left), IsNumeric(right));
        if (leftNumeric != rightNumeric) return leftNumeric ? -1 : 1;
        // Without leading zeros the longer number is the greater one.
        return leftNumeric && left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);
    }

    public bool Equals(SemanticVersion? other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as SemanticVersion);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Major);
        hash.Add(Minor);
        hash.Add(Patch);
        foreach (var identifier in Prerelease) hash.Add(identifier, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    public static bool operator ==(SemanticVersion? left, SemanticVersion? right) => left?.Equals(right) ?? right is null;

    public static bool operator !=(SemanticVersion? left, SemanticVersion? right) => !(left == right);

    /// <summary>The version as it was written.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}{(IsPrerelease ? "-" : "")}{string.Join('.', Prerelease)}{(Build.Length > 0 ? "+" : "")}{Build}");

    /// <summary>Reads and writes it as a JSON string.</summary>
    public sealed class Converter : JsonConverter<SemanticVersion>
    {
        public override SemanticVersion Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var version)
                ? version
                : throw new JsonException("expected a version such as `1.4.0`");

        public override void Write(Utf8JsonWriter writer, SemanticVersion value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
