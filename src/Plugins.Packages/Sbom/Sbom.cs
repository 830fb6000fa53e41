using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages;

/// <summary>Something from elsewhere that a package has in it, as its author states it.</summary>
/// <param name="Name">With its scope, such as <c>@acme/lines</c>.</param>
/// <param name="Version">Null when it is not stated.</param>
/// <param name="License">SPDX expression, or what stands in its place; null when it is not stated.</param>
/// <param name="Purl">Package URL (https://github.com/package-url/purl-spec); null when it is not stated.</param>
public sealed record SbomEntry(string Name, string? Version, string? License, string? Purl);

/// <summary><c>sbom.cdx.json</c>: what the package is made of, by CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/).</summary>
/// <remarks>Its author's own statement: nothing in a package can prove what was bundled into its code.</remarks>
public static class Sbom
{
    /// <summary>The document's name in every package.</summary>
    public const string Path = "sbom.cdx.json";

    private const int MaxDepth = 64;

    /// <summary>Reads the components of a document by any producer; what is not understood is passed over.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="limits"><see cref="PackageLimits.Default"/> when null.</param>
    public static Outcome<ImmutableArray<SbomEntry>> Read(ReadOnlyMemory<byte> utf8, PackageLimits? limits = null)
    {
        limits ??= PackageLimits.Default;
        if (utf8.Length > limits.MaxSbomBytes) return new Problem(Path, $"has {ByteSize.Format(utf8.Length)}; at most {ByteSize.Format(limits.MaxSbomBytes)} are read");
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (Text(document.RootElement, "bomFormat") != "CycloneDX") return new Problem(Path, "is not a CycloneDX document");
            if (!document.RootElement.TryGetProperty("components", out var components)) return ImmutableArray<SbomEntry>.Empty;
            if (components.ValueKind != JsonValueKind.Array) return new Problem(Path, "has `components` that are no list");
            if (components.GetArrayLength() > limits.MaxSbomComponents) return new Problem(Path, $"has {components.GetArrayLength():N0} components; at most {limits.MaxSbomComponents:N0} are read");
            return components.EnumerateArray().Select(Entry).OfType<SbomEntry>().ToImmutableArray();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter is JsonElement's answer to text that no string can hold.
            return new Problem(Path, "is not JSON");
        }
    }

    private static SbomEntry? Entry(JsonElement component)
    {
        if (Text(component, "name") is not { } name) return null;
        var group = Text(component, "group");
        return new SbomEntry(group is null ? name : $"{group}/{name}", Text(component, "version"), License(component), Text(component, "purl"));
    }

    private static string? License(JsonElement component)
    {
        if (!component.TryGetProperty("licenses", out var licenses) || licenses.ValueKind != JsonValueKind.Array) return null;
        var texts = licenses.EnumerateArray().Select(choice => Text(choice, "expression") ?? (Member(choice, "license") is { } license ? Text(license, "id") ?? Text(license, "name") : null)).OfType<string>();
        return string.Join(", ", texts) is { Length: > 0 } text ? text : null;
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
