using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Scanning.Trials;

namespace LazyOC.Marketplace.Tests.Scanning.Trials;

/// <summary>The program that tries plugins, as it was built beside these tests.</summary>
internal static class TrialFixture
{
    private static readonly string Here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);

    public static TrialOptions Options { get; } = new() { Program = Path.GetFullPath(Path.Combine(Here, "..", "..", "LazyOC.Marketplace.Trial", Path.GetFileName(Here), "lazyoc-trial.dll")) };

    public static ScannerOptions Scanning { get; } = new() { Trial = Options };

    /// <summary>A program of these tests in the place of the trial.</summary>
    public static TrialOptions Running(params ImmutableArray<string> arguments) => Options with { Other = (typeof(Probe).Assembly.Location, arguments) };

    public static TrialOptions Without(this TrialOptions options, params ImmutableArray<string> layers) => options with { Layers = [.. TrialLayers.All.Except(layers)] };
}

/// <summary>A test that needs a machine where a process can be held by everything: Linux, as root.</summary>
public sealed class ConfinedTheoryAttribute : TheoryAttribute
{
    public ConfinedTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) Skip = "needs Linux and root";
    }
}

/// <inheritdoc cref="ConfinedTheoryAttribute"/>
public sealed class ConfinedFactAttribute : FactAttribute
{
    public ConfinedFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) Skip = "needs Linux and root";
    }
}
