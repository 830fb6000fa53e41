namespace LazyOC.Cli.Commands.Plugin;

/// <summary>A program of a plugin's <c>node_modules</c>.</summary>
internal static class NodeTool
{
    /// <summary>What keeps the output of such programs free of colours.</summary>
    public static IReadOnlyDictionary<string, string> Plain { get; } = new Dictionary<string, string> { ["NO_COLOR"] = "1" };

    /// <summary>Finds it as Node.js does: in a directory, or in one above, as in a workspace; null when it is not installed.</summary>
    public static string? Find(string directory, string name)
    {
        var file = OperatingSystem.IsWindows() ? name + ".cmd" : name;
        for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "node_modules", ".bin", file) is var program && File.Exists(program)) return program;
        return null;
    }
}
