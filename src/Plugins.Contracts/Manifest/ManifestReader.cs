using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>Reads <c>plugin.json</c>: first its form, then its sense; every problem is listed at once.</summary>
/// <remarks>Thread safe.</remarks>
public static class ManifestReader
{
    /// <summary>Reads a manifest.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="limits"><see cref="ManifestLimits.Default"/> when null.</param>
    public static Outcome<PluginManifest> Read(ReadOnlySpan<byte> utf8, ManifestLimits? limits = null)
    {
        limits ??= ManifestLimits.Default;
        var form = StrictJson.Read(utf8, ContractJson.Default.PluginManifest, new JsonLimits(limits.MaxBytes, limits.MaxDepth, limits.MaxProblems));
        if (!form.TryGet(out var manifest, out _)) return form;
        var problems = new ManifestRules(manifest, limits).Check();
        return problems.IsEmpty ? manifest : problems;
    }
}
