namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>Scripts that need what the engine does not have yet, as <c>group/script</c>. The list may only shrink.</summary>
internal static class KnownFailures
{
    public static IReadOnlySet<string> All { get; } = Read();

    private static HashSet<string> Read()
    {
        using var stream = typeof(KnownFailures).Assembly.GetManifestResourceStream("known-failures.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. lines.Where(line => !line.StartsWith('#'))];
    }
}
