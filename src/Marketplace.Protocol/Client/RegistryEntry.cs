using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>A registry that the user has decided to trust.</summary>
public sealed record RegistryEntry
{
    /// <summary>What the user calls it; unique.</summary>
    public required string Name { get; init; }

    /// <summary>Its address: <c>https://…</c>, <c>file:///…</c>, or <c>http://</c> on this machine.</summary>
    public required Uri Url { get; init; }

    /// <summary>The keys its documents are signed with.</summary>
    public required ImmutableArray<PublicKey> Keys { get; init; }

    /// <summary>How many of them have to sign.</summary>
    [JsonRequired]
    public int Threshold { get; init; } = 1;

    /// <summary>The publishers whose plugins come from it, as globs; no other registry is asked for those.</summary>
    public ImmutableArray<string> Publishers { get; init => field = value.IsDefault ? ["*"] : value; } = ["*"];

    [JsonIgnore] public KeySet Roots => new(Keys, Threshold);

    /// <summary>Whether a plugin comes from it.</summary>
    public bool Holds(PluginId id) => Publishers.Any(glob => Glob.Matches(glob, id.Publisher));
}

/// <summary><c>registries.json</c>: the registries in the order in which a publisher is looked for, and how much has to vouch for a package.</summary>
/// <remarks>Immutable. A plugin comes from the first registry that holds its publisher, and is never asked for elsewhere (dependency confusion).</remarks>
public sealed record RegistryList
{
    private const int MaxBytes = 1 << 20;
    private const int MaxRegistries = 50;

    public static RegistryList None { get; } = new() { RegistriesVersion = 1 };

    /// <summary>Version of the document's format; 1.</summary>
    public required int RegistriesVersion { get; init; }

    /// <summary><c>default</c> or <c>strict</c>; see <see cref="TrustMode"/>.</summary>
    public string Trust { get; init => field = value ?? "default"; } = "default";

    public ImmutableArray<RegistryEntry> Registries { get; init => field = value.IsDefault ? [] : value; } = [];

    [JsonIgnore] public TrustMode Mode => Trust == "strict" ? TrustMode.Strict : TrustMode.Default;

    /// <summary>The registry that a plugin comes from; null when none holds its publisher.</summary>
    public RegistryEntry? Of(PluginId id) => Registries.FirstOrDefault(registry => registry.Holds(id));

    /// <summary>Reads the document.</summary>
    public static Outcome<RegistryList> Read(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.Read(utf8, RegistryListJson.Default.RegistryList, new JsonLimits(MaxBytes)).TryGet(out var list, out var problems)) return problems;
        return list.Check() is { } problem ? problem : list;
    }

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, RegistryListJson.Default.RegistryList);

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public Problem? Check()
    {
        if (RegistriesVersion != 1) return new Problem("registriesVersion", $"is {RegistriesVersion}; this LazyOC reads version 1", "a newer LazyOC may read it");
        if (Trust is not ("default" or "strict")) return new Problem("trust", $"is `{Trust}`; expected `default` or `strict`");
        if (Registries.Length > MaxRegistries) return new Problem("registries", $"has {Registries.Length} entries; at most {MaxRegistries} are allowed");
        for (var i = 0; i < Registries.Length; i++)
        {
            var (at, registry) = ($"registries[{i}]", Registries[i]);
            if (!IsName(registry.Name)) return new Problem($"{at}.name", "is no name", "write lower-case letters, digits and hyphens");
            if (Registries.Take(i).Any(other => other.Name == registry.Name)) return new Problem($"{at}.name", $"is `{registry.Name}`, as another's is");
            if (!registry.Url.IsAbsoluteUri || !(registry.Url.IsFile || HttpRegistryFiles.IsAllowed(registry.Url))) return new Problem($"{at}.url", "is not an address of a registry", "it begins with `https://` or `file://`; `http://` is for this machine only");
            if (registry.Threshold < 1 || registry.Threshold > registry.Keys.Distinct().Count()) return new Problem($"{at}.threshold", $"is {registry.Threshold}; there are {registry.Keys.Distinct().Count()} keys");
            if (registry.Publishers.IsEmpty) return new Problem($"{at}.publishers", "is empty, so no plugin comes from it", "`*` is for every publisher");
        }
        return null;
    }

    /// <summary>Whether a text can be a registry's name.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 40 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.Strict,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(RegistryList))]
internal sealed partial class RegistryListJson : JsonSerializerContext;
