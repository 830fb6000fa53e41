using System.Text.RegularExpressions;

namespace LazyOC.EndToEnd.Tests;

/// <summary>Names of pods in the demo, read from its own frame.</summary>
internal static partial class DemoPods
{
    /// <summary>The crash-looping pod of the bookstore.</summary>
    public static async Task<string> SickAsync(LazyOc lazyoc)
    {
        var frame = await lazyoc.OkAsync("--demo", "--no-plugins", "--size", "250x60");
        var line = frame.Split('\n').First(l => l.Contains("CrashLoopBackOff", StringComparison.Ordinal));
        return PodName().Match(line).Value;
    }

    [GeneratedRegex(@"[a-z][a-z0-9-]*-[a-z0-9]{4,10}-[a-z0-9]{5}", RegexOptions.NonBacktracking)]
    private static partial Regex PodName();
}
