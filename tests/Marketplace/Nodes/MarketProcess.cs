using System.Diagnostics;

namespace LazyOC.Marketplace.Tests.Nodes;

/// <summary>A server in a process of its own, for tests that kill it or stop it: <c>serve DIR STEP</c>.</summary>
internal static class MarketProcess
{
    /// <summary>What the process says when it has come to the step of a publish that it stops at.</summary>
    public const string Reached = "REACHED";

    /// <summary>In the place of a step: it does not stop.</summary>
    public const string NoStep = "none";

    private const string DatabaseVariable = "LAZYOC_MARKET_TEST_DATABASE";
    private const string StorageVariable = "LAZYOC_MARKET_TEST_STORAGE";

    /// <summary>What a node that was killed was checking is soon another's.</summary>
    public static MarketLimits Limits { get; } = new()
    {
        ScanLease = TimeSpan.FromSeconds(4),
        MaxOpenSubmissions = 10_000,
        MaxUploadsAtOnce = 100,
        PublishesPerHour = 100_000,
        ApiRequestsPerMinute = 1_000_000,
        FileRequestsPerMinute = 1_000_000,
    };

    /// <summary>Starts it; its first line is its address.</summary>
    public static Process Start(MarketOptions place, string step)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", ["exec", typeof(MarketProcess).Assembly.Location, "serve", place.DataDirectory, step])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment[DatabaseVariable] = place.Database ?? "";
        start.Environment[StorageVariable] = place.Storage ?? "";
        return Process.Start(start)!;
    }

    /// <summary>What the process was started with.</summary>
    public static MarketOptions Place(string directory) => new() { DataDirectory = directory, Database = Variable(DatabaseVariable), Storage = Variable(StorageVariable) };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
