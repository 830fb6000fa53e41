namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>Scripts that need what the engine does not have yet. The list may only shrink.</summary>
internal static class KnownFailures
{
    private static readonly HashSet<string> Scripts = Read();

    public static int Count => Scripts.Count;

    public static IReadOnlyCollection<string> All => Scripts;

    public static bool Contains(string group, string script) => Scripts.Contains($"{group}/{script}");

    private static HashSet<string> Read()
    {
        using var stream = typeof(KnownFailures).Assembly.GetManifestResourceStream("known-failures.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. lines.Where(line => !line.StartsWith('#'))];
    }
}
