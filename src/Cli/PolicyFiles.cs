using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Cli;

/// <summary>Where administrators restrict plugins: a file of the computer, and one that the environment names. Both hold.</summary>
internal static class PolicyFiles
{
    /// <summary>Names a policy file.</summary>
    public const string Variable = "LAZYOC_POLICY";

    private const int MaxBytes = 1 << 20;

    /// <summary>The computer's own file, which need not be there.</summary>
    public static string Computer { get; } = OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "lazyoc", "policy.json")
        : "/etc/lazyoc/policy.json";

    /// <summary>The policies that hold. When one cannot be read no plugin runs, and the reason says which.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="computer"><see cref="Computer"/>, or another in its place.</param>
    public static PolicyInForce Read(Func<string, string?> environment, string? computer = null)
    {
        var policy = PolicyInForce.None;
        var named = environment(Variable) is { Length: > 0 } path ? Path.GetFullPath(path) : null;
        foreach (var file in (string?[])[computer ?? Computer, named])
        {
            if (file is null) continue;
            // A file that is named must be there: its absence is no permission.
            if (!Read(file, isRequired: file == named).TryGet(out var read, out var problems)) return PolicyInForce.Unknown($"no plugin runs: the administrator's policy {Problem.Join(problems)}");
            if (read.Policy is not null) policy = policy.And(file, read.Policy);
        }
        return policy;
    }

    private static Outcome<Found> Read(string file, bool isRequired)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, System.IO.FileAccess.Read, FileShare.Read);
            // One byte more than may be read: a file that grows while it is read is refused too.
            var bytes = new byte[Math.Min(stream.Length, MaxBytes + 1L)];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return PolicyInForce.Read(bytes.AsSpan(0, length)).TryGet(out var policy, out var problems)
                ? new Found(policy)
                : problems.Select(problem => problem.In(file)).ToImmutableArray();
        }
        catch (Exception missing) when (!isRequired && missing is (FileNotFoundException or DirectoryNotFoundException))
        {
            return new Found(null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new Problem(file, $"cannot be read: {error.Message}", "`lazyoc --no-plugins` starts without plugins");
        }
    }

    private sealed record Found(HostPolicy? Policy);
}
