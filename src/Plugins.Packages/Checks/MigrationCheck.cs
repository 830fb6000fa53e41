using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages;

/// <summary>What can be said of a package's migrations without running them.</summary>
internal static class MigrationCheck
{
    /// <summary>The first problem; null when there is none.</summary>
    public static Problem? Check(PluginPackage package, PackageLimits limits)
    {
        foreach (var migration in package.Manifest.Migrations)
        {
            if (package.Find(migration.Entry) is not { } code)
                return new Problem(migration.Entry, "is the entry of one of the manifest's `migrations`, but it is not in the package", "build it before packing the plugin");
            if (MainCheck.CheckJavaScript(migration.Entry, code.Span, limits) is { } problem) return problem;
        }
        return null;
    }
}
