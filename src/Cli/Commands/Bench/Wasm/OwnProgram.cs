using System.Globalization;
using System.Runtime.InteropServices;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>This program in a new process, for what happens only once in one. The command is <c>bench once</c>.</summary>
internal static class OwnProgram
{
    /// <summary>Where it is: a test's process is another program, with this one beside it.</summary>
    public static string Path { get; } = System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "lazyoc"
        ? Environment.ProcessPath!
        : System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "lazyoc.exe" : "lazyoc");

    private static readonly Dictionary<string, string> Variables = new() { ["DOTNET_ROOT"] = RuntimeRoot() };

    /// <summary>What it printed, and how long the process took as a whole.</summary>
    /// <exception cref="UserError">It failed.</exception>
    public static async Task<(Lap Lap, TimeSpan Elapsed)> OnceAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        await LapAsync(Path, ["bench", "once", .. arguments], cancellationToken);

    /// <summary>The same with a peer's program that prints <c>NANOSECONDS RESULT</c>.</summary>
    public static async Task<(Lap Lap, TimeSpan Elapsed)> LapAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var child = await ChildProcess.RunAsync(program, arguments, Variables, cancellationToken: cancellationToken);
        var words = child.Output.Trim().Split(' ', 2);
        return child.ExitCode == 0 && words.Length == 2 && double.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds)
            ? (new Lap(nanoseconds, words[1]), child.Elapsed)
            : throw new UserError(ExitCode.Failed, $"`{program} {string.Join(' ', arguments)}` ended with {child.ExitCode}: {child.Output}{child.Error}".Trim());
    }

    private static string RuntimeRoot() =>
        Environment.GetEnvironmentVariable("DOTNET_ROOT")
        ?? System.IO.Path.GetFullPath(System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
