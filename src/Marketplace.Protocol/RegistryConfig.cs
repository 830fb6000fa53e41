using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol;

/// <summary><c>/v1/config.json</c>: what a registry says about itself.</summary>
/// <remarks>
/// It is not signed, and so <see cref="Keys"/> are only what it claims to have. They are compared with the keys that were
/// trusted when the registry was added, or with a fingerprint that the user types then.
/// </remarks>
public sealed record RegistryConfig
{
    /// <summary>Version of the document's format; 1.</summary>
    public const int CurrentVersion = 1;

    /// <summary>What stands for a package's digest in <see cref="Packages"/>.</summary>
    public const string DigestPlace = "{digest}";

    public required int ConfigVersion { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Where packages are: a URL, or a path below the registry's root, with <c>{digest}</c> for the package's digest.</summary>
    public required string Packages { get; init; }

    /// <summary>Where search, reviews and statistics are, a URL or a path below the root; null when it is files only.</summary>
    public string? ApiRoot { get; init; }

    /// <summary>Whether everything but this document takes a token.</summary>
    public bool AuthRequired { get; init; }

    /// <summary>The keys it signs with.</summary>
    public required ImmutableArray<PublicKey> Keys { get; init; }

    /// <summary>How many of them have to sign a document.</summary>
    public required int Threshold { get; init; }

    /// <summary>What it offers beyond the documents of version 1, for those who know the names.</summary>
    public required ImmutableArray<string> Features { get; init; }

    /// <summary><see cref="Keys"/> and <see cref="Threshold"/>.</summary>
    [JsonIgnore] public KeySet Roots => new(Keys, Threshold);

    /// <summary>Reads the document.</summary>
    /// <param name="utf8">The whole of it.</param>
    /// <param name="limits"><see cref="RegistryLimits.Default"/> when null.</param>
    public static Outcome<RegistryConfig> Read(ReadOnlySpan<byte> utf8, RegistryLimits? limits = null)
    {
        limits ??= RegistryLimits.Default;
        if (!RegistryDocument.Read(utf8, RegistryJson.Default.RegistryConfig, limits.MaxConfigBytes).TryGet(out var config, out var problems)) return problems;
        return config.Check(limits) is { } problem ? problem : config;
    }

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, RegistryJson.Default.RegistryConfig);

    /// <summary>Where a package is, a URL or a path below the registry's root; its signatures are there with <see cref="PackageSignatures.Extension"/> appended.</summary>
    public string PlaceOf(Digest package) => Packages.Replace(DigestPlace, package.ToString(), StringComparison.Ordinal);

    private Problem? Check(RegistryLimits limits)
    {
        if (ConfigVersion != CurrentVersion) return new Problem("configVersion", $"is {ConfigVersion}; this LazyOC reads version {CurrentVersion}", "a newer LazyOC may read it");
        if (Keys.Length > limits.MaxKeys) return new Problem("keys", $"has {Keys.Length:N0} entries; at most {limits.MaxKeys:N0} are allowed");
        var keys = Keys.Distinct().Count();
        if (Threshold < 1 || Threshold > keys) return new Problem("threshold", $"is {Threshold}; there are {keys} different keys");
        if (Features.Length > limits.MaxFeatures) return new Problem("features", $"has {Features.Length:N0} entries; at most {limits.MaxFeatures:N0} are allowed");
        if (!Packages.Contains(DigestPlace, StringComparison.Ordinal)) return new Problem("packages", $"has no `{DigestPlace}`");
        return RegistryDocument.CheckText("name", Name, limits)
            ?? Features.Select(feature => RegistryDocument.CheckText("features", feature, limits)).FirstOrDefault(problem => problem is not null)
            ?? CheckPlace("packages", Packages, limits)
            ?? (ApiRoot is null ? null : CheckPlace("apiRoot", ApiRoot, limits));
    }

    /// <summary>A registry must not send its users to files of theirs, or to anything but web servers.</summary>
    private static Problem? CheckPlace(string where, string place, RegistryLimits limits)
    {
        if (RegistryDocument.CheckText(where, place, limits) is { } problem) return problem;
        var isUrl = place.StartsWith("https://", StringComparison.Ordinal) || place.StartsWith("http://", StringComparison.Ordinal);
        if (isUrl ? Uri.TryCreate(place, UriKind.Absolute, out _) : IsPath(place)) return null;
        return new Problem(where, "is neither a web address nor a path below the registry's root");
    }

    private static bool IsPath(string place) =>
        place[0] is not ('/' or '\\') && !place.AsSpan().ContainsAny(":\\?#") && place.Split('/').All(part => part is not (".." or "." or ""));
}
