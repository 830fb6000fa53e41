using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>A version of the host API and the LazyOC that brought it.</summary>
/// <param name="HostApi">What <c>engines.lazyoc</c> is compared with.</param>
/// <param name="Lazyoc">The first LazyOC that offers it.</param>
/// <param name="ManifestVersion">The newest manifest that it reads; it reads the older ones, too.</param>
/// <param name="Brought">What came with it, a sentence each.</param>
public sealed record HostApiVersionRow(SemanticVersion HostApi, SemanticVersion Lazyoc, int ManifestVersion, ImmutableArray<string> Brought);

/// <summary>Every version of the host API there has been, oldest first; <c>docs/compatibility.md</c> is written from it.</summary>
public static class HostApiHistory
{
    public static ImmutableArray<HostApiVersionRow> All { get; } =
    [
        new(SemanticVersion.Parse("1.0.0"), SemanticVersion.Parse("0.1.0"), 1,
        [
            "Views, columns, tabs, sections, pages, cards, actions, commands, keys, themes, resource views, log transforms, relations, hooks, templates and status items.",
            "The host calls and events of the reference.",
            "Settings, stored data with migrations, exported services, dependencies on other plugins.",
        ]),
    ];
}
