using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol;

/// <summary>Where a registry's documents are, relative to its root.</summary>
public static class RegistryPaths
{
    public const string Config = "v1/config.json";

    /// <summary>What the registry lays down for its users.</summary>
    public const string Policy = "v1/policy.json";

    /// <summary>Where packages are, unless <see cref="RegistryConfig.Packages"/> says otherwise.</summary>
    public const string Packages = "v1/packages/" + RegistryConfig.DigestPlace + ".lzp";

    /// <summary>The versions of a plugin.</summary>
    public static string IndexOf(PluginId id) => $"v1/index/{id.Publisher}/{id.ToString()[(id.Publisher.Length + 1)..]}";

    /// <summary>What the registry's scanners have said of a package.</summary>
    public static string VerdictsOf(Digest package) => $"v1/verdicts/{package}.json";

    /// <summary>The keys of a publisher.</summary>
    public static string PublisherOf(string publisher) => $"v1/publishers/{publisher}.json";
}
