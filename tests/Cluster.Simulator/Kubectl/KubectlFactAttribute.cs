using System.Diagnostics;
using System.Text.Json;

namespace LazyOC.Cluster.Simulator.Tests.Kubectl;

/// <summary>A test that runs the real kubectl; skipped where there is none on PATH.</summary>
internal sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute()
    {
        if (KubectlCluster.Executable is null)
            Skip = "kubectl is not on PATH: install kubectl 1.30 or newer to run this test";
    }
}

/// <summary>
/// A test of what kubectl learned after Debian's 1.20: that one validates against OpenAPI v2, which the simulator does
/// not serve, has no <c>auth whoami</c>, and reports apply conflicts otherwise.
/// </summary>
internal sealed class RecentKubectlFactAttribute : FactAttribute
{
    private const int MinimumMinor = 30;

    private static readonly int Minor = KubectlCluster.Executable is { } kubectl ? MinorOf(kubectl) : 0;

    public RecentKubectlFactAttribute() => Skip = WhySkip;

    internal static string? WhySkip =>
        KubectlCluster.Executable is null ? $"kubectl is not on PATH: install kubectl 1.{MinimumMinor} or newer to run this test"
        : Minor < MinimumMinor ? $"kubectl on PATH is 1.{Minor}: install kubectl 1.{MinimumMinor} or newer to run this test"
        : null;

    private static int MinorOf(string kubectl)
    {
        var start = new ProcessStartInfo(kubectl, ["version", "--client", "--output", "json"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        using var version = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        return int.Parse(version.RootElement.GetProperty("clientVersion").GetProperty("minor").GetString()!.TrimEnd('+'), System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>As <see cref="RecentKubectlFactAttribute"/>, with data.</summary>
internal sealed class RecentKubectlTheoryAttribute : TheoryAttribute
{
    public RecentKubectlTheoryAttribute() => Skip = RecentKubectlFactAttribute.WhySkip;
}
