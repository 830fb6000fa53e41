using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Packages;

/// <summary>What packing writes of CycloneDX 1.6. Without a time, so that the same build gives the same bytes.</summary>
internal sealed record SbomDocument
{
    [JsonPropertyName("$schema")] public string Schema { get; } = "http://cyclonedx.org/schema/bom-1.6.schema.json";

    public string BomFormat { get; } = "CycloneDX";

    public string SpecVersion { get; } = "1.6";

    /// <summary><c>urn:uuid:</c> and a UUID that follows from all the rest of the document.</summary>
    public string? SerialNumber { get; init; }

    public int Version { get; } = 1;

    public required SbomMetadata Metadata { get; init; }

    public required ImmutableArray<SbomComponent> Components { get; init; }

    public required ImmutableArray<SbomDependency> Dependencies { get; init; }

    /// <summary>The document of a plugin and what is bundled into it.</summary>
    public static SbomDocument Of(PluginManifest manifest, IEnumerable<BundledPackage> bundled)
    {
        ImmutableArray<SbomComponent> components = [.. bundled.Select(SbomComponent.Of)];
        var plugin = SbomComponent.Of(manifest);
        var document = new SbomDocument
        {
            Metadata = new SbomMetadata(plugin),
            Components = components,
            Dependencies = [new SbomDependency(plugin.BomRef, [.. components.Select(component => component.BomRef)]), .. components.Select(component => new SbomDependency(component.BomRef, []))],
        };
        return document with { SerialNumber = $"urn:uuid:{ContentUuid.Of(document.ToUtf8())}" };
    }

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, PackagesJson.Default.SbomDocument);
}

/// <param name="Component">The plugin itself.</param>
internal sealed record SbomMetadata(SbomComponent Component);

/// <summary>The plugin, or something in it.</summary>
internal sealed record SbomComponent
{
    public required string Type { get; init; }

    [JsonPropertyName("bom-ref")] public required string BomRef { get; init; }

    /// <summary>The scope of an npm package.</summary>
    public string? Group { get; init; }

    public required string Name { get; init; }

    public string? Version { get; init; }

    public string? Description { get; init; }

    public ImmutableArray<SbomHash>? Hashes { get; init; }

    public ImmutableArray<SbomLicense>? Licenses { get; init; }

    public required string Purl { get; init; }

    public static SbomComponent Of(PluginManifest manifest)
    {
        var purl = $"pkg:generic/{manifest.Id}@{Uri.EscapeDataString(manifest.Version.ToString())}";
        return new SbomComponent
        {
            Type = "application",
            BomRef = purl,
            Name = manifest.Id.ToString(),
            Version = manifest.Version.ToString(),
            Description = manifest.Description.Length == 0 ? null : manifest.Description,
            Licenses = SbomLicense.Of(manifest.License),
            Purl = purl,
        };
    }

    public static SbomComponent Of(BundledPackage package) => new()
    {
        Type = "library",
        BomRef = package.Purl,
        Group = package.Scope,
        Name = package.Scope is { } scope ? package.Name[(scope.Length + 1)..] : package.Name,
        Version = package.Version,
        Hashes = SbomHash.Of(package.Integrity),
        Licenses = SbomLicense.Of(package.License),
        Purl = package.Purl,
    };
}

/// <param name="Alg">One of CycloneDX's names.</param>
/// <param name="Content">In hexadecimal digits.</param>
internal sealed record SbomHash(string Alg, string Content)
{
    /// <summary>Of npm's archive, from its subresource integrity (https://www.w3.org/TR/SRI/), such as <c>sha512-…</c>.</summary>
    public static ImmutableArray<SbomHash>? Of(string? integrity)
    {
        var hashes = ImmutableArray.CreateBuilder<SbomHash>();
        foreach (var text in (integrity ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, size) = text.Split('-', 2)[0] switch
            {
                "sha1" => ("SHA-1", SHA1.HashSizeInBytes),
                "sha256" => ("SHA-256", SHA256.HashSizeInBytes),
                "sha384" => ("SHA-384", SHA384.HashSizeInBytes),
                "sha512" => ("SHA-512", SHA512.HashSizeInBytes),
                _ => ("", 0),
            };
            var hash = new byte[size];
            if (size > 0 && Convert.TryFromBase64String(text[(text.IndexOf('-', StringComparison.Ordinal) + 1)..].Split('?', 2)[0], hash, out var written) && written == size)
                hashes.Add(new SbomHash(name, Convert.ToHexStringLower(hash)));
        }
        return hashes.Count == 0 ? null : hashes.ToImmutable();
    }
}

/// <summary>One of its two members.</summary>
internal sealed record SbomLicense
{
    /// <summary>An SPDX expression.</summary>
    public string? Expression { get; init; }

    /// <summary>What is none.</summary>
    public SbomNamedLicense? License { get; init; }

    public static ImmutableArray<SbomLicense>? Of(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : IsExpression(text) ? [new SbomLicense { Expression = text }]
        : [new SbomLicense { License = new SbomNamedLicense(text) }];

    /// <summary>Whether it has the form of an SPDX expression: identifiers with an operator between each two (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/).</summary>
    private static bool IsExpression(string text)
    {
        var depth = 0;
        foreach (var c in text)
        {
            depth += c switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth < 0) return false;
        }
        var words = text.Split([' ', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        return depth == 0 && words.Length % 2 == 1 && words is not ["UNLICENSED"]
            && words.Index().All(word => word.Index % 2 == 1 ? word.Item is "AND" or "OR" or "WITH" : word.Item.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+' or ':'));
    }
}

internal sealed record SbomNamedLicense(string Name);

/// <param name="Ref">A <c>bom-ref</c>.</param>
/// <param name="DependsOn">Those that it has in it.</param>
internal sealed record SbomDependency(string Ref, ImmutableArray<string> DependsOn);

/// <summary>UUIDs that follow from content: version 5 of RFC 9562, section 5.5.</summary>
internal static class ContentUuid
{
    /// <summary>Names the space of the documents that LazyOC writes: <c>sbom.lazyoc.dev</c> in RFC 9562's space of DNS names.</summary>
    private static readonly Guid Space = Of(Guid.Parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), Encoding.ASCII.GetBytes("sbom.lazyoc.dev"));

    public static Guid Of(ReadOnlySpan<byte> content) => Of(Space, content);

    internal static Guid Of(Guid space, ReadOnlySpan<byte> name)
    {
        const int bytes = 16, versionAt = 6, variantAt = 8;
        // The RFC names SHA-1; it makes a name here and guards nothing.
#pragma warning disable CA5350
        using var sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        sha1.AppendData(space.ToByteArray(bigEndian: true));
        sha1.AppendData(name);
        var uuid = sha1.GetHashAndReset().AsSpan(0, bytes);
        uuid[versionAt] = (byte)(0x50 | (uuid[versionAt] & 0x0f));
        uuid[variantAt] = (byte)(0x80 | (uuid[variantAt] & 0x3f));
        return new Guid(uuid, bigEndian: true);
    }
}
