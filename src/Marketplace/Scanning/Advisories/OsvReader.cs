using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Scanning.Advisories;

/// <summary>Reads an advisory in the OSV format. What it has beyond what is needed is passed over; what is needed and damaged is refused.</summary>
internal static class OsvReader
{
    private const string Npm = "npm";
    private const int MaxDepth = 64;

    /// <summary>Reads one; an advisory that was withdrawn, or is about other ecosystems, affects nothing.</summary>
    public static Outcome<Advisory> Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter is JsonElement's answer to a value of another kind than is asked for, and to text that no string can hold.
            return new Problem("", "is not JSON of the OSV format");
        }
        catch (FormatException error)
        {
            return new Problem("", error.Message);
        }
    }

    private static Advisory Read(JsonElement root)
    {
        if (Text(root, "id") is not { Length: > 0 } id) throw new FormatException("has no `id`");
        var summary = Text(root, "summary") ?? "";
        if (Text(root, "withdrawn") is not null) return new Advisory(id, summary, AdvisorySeverity.Low, []);
        if (!root.TryGetProperty("affected", out var list)) return new Advisory(id, summary, AdvisorySeverity.Low, []);
        var affected = ImmutableArray.CreateBuilder<AffectedPackage>();
        var worst = SeverityOf(root);
        foreach (var entry in list.EnumerateArray())
        {
            // An entry about commits only has no package.
            if (!entry.TryGetProperty("package", out var package) || Text(package, "ecosystem") is not { } ecosystem || ecosystem.Split(':')[0] != Npm) continue;
            if (Text(package, "name") is not { Length: > 0 } name) throw new FormatException("has a package without a `name`");
            affected.Add(new AffectedPackage(name, Ranges(entry), Versions(entry)));
            if (SeverityOf(entry) is { } severity && (worst is null || severity > worst)) worst = severity;
        }
        var isMalware = id.StartsWith("MAL-", StringComparison.Ordinal);
        return new Advisory(id, summary, isMalware ? AdvisorySeverity.Critical : worst ?? AdvisorySeverity.Unknown, affected.ToImmutable());
    }

    private static ImmutableHashSet<string> Versions(JsonElement entry) =>
        entry.TryGetProperty("versions", out var versions) ? versions.EnumerateArray().Select(version => version.GetString()).OfType<string>().ToImmutableHashSet(StringComparer.Ordinal) : [];

    private static ImmutableArray<AffectedRange> Ranges(JsonElement entry)
    {
        if (!entry.TryGetProperty("ranges", out var list)) return [];
        var ranges = ImmutableArray.CreateBuilder<AffectedRange>();
        foreach (var range in list.EnumerateArray())
        {
            // Commits are not versions.
            if (Text(range, "type") is not ("SEMVER" or "ECOSYSTEM")) continue;
            var events = new List<RangeEvent>();
            var limits = ImmutableArray.CreateBuilder<SemanticVersion>();
            if (!range.TryGetProperty("events", out var happened)) throw new FormatException("has a range without `events`");
            foreach (var (kind, text) in happened.EnumerateArray().SelectMany(one => one.EnumerateObject()).Select(member => (member.Name, member.Value.GetString()!)))
            {
                switch (kind)
                {
                    case "introduced": events.Add(new(RangeEventKind.Introduced, text == "0" ? null : Version(text))); break;
                    case "fixed": events.Add(new(RangeEventKind.Fixed, Version(text))); break;
                    case "last_affected": events.Add(new(RangeEventKind.LastAffected, Version(text))); break;
                    case "limit" when text == "*": break;
                    case "limit": limits.Add(Version(text)); break;
                    default: throw new FormatException("has an event of a kind that is not known");
                }
            }
            // At one version what ends a range goes before what begins one, so that what is introduced there is affected.
            ranges.Add(new AffectedRange([.. events.OrderBy(one => one.Version is not null).ThenBy(one => one.Version).ThenBy(one => one.Kind == RangeEventKind.Introduced)], limits.ToImmutable()));
        }
        return ranges.ToImmutable();
    }

    private static SemanticVersion Version(string text) => SemanticVersion.TryParse(text, out var version) ? version : throw new FormatException("has a range with a version that is none of npm's");

    private static AdvisorySeverity? SeverityOf(JsonElement element)
    {
        AdvisorySeverity? worst = null;
        foreach (var name in (ReadOnlySpan<string>)["database_specific", "ecosystem_specific"])
        {
            var word = element.TryGetProperty(name, out var specific) && specific.ValueKind == JsonValueKind.Object ? Text(specific, "severity") : null;
            Take(word?.ToUpperInvariant() switch { "LOW" => AdvisorySeverity.Low, "MODERATE" or "MEDIUM" => AdvisorySeverity.Moderate, "HIGH" => AdvisorySeverity.High, "CRITICAL" => AdvisorySeverity.Critical, _ => null });
        }
        if (element.TryGetProperty("severity", out var scores))
            foreach (var score in scores.EnumerateArray())
                if (Text(score, "type") == "CVSS_V3" && CvssScore.Of(Text(score, "score") ?? "") is { } value) Take(CvssScore.Rate(value));
        return worst;

        void Take(AdvisorySeverity? severity)
        {
            if (severity is { } one && (worst is null || one > worst)) worst = one;
        }
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;
}
