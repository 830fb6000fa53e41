using System.Diagnostics;
using System.Globalization;

namespace LazyOC.Cli.Commands.Market;

/// <summary>The program <c>lazyoc-market</c>, which lies beside this one: runs in its stead, and ends with it.</summary>
internal static class MarketProgram
{
    // Longer than the server may drain, and than what is under way may take.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(80);

    /// <summary>How it is started.</summary>
    /// <exception cref="UserError">It is not there.</exception>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "market", "lazyoc-market.dll");
        if (!File.Exists(program)) throw new UserError(ExitCode.Failed, $"the marketplace's program is not here: {program}", "build LazyOC again, or install it whole");
        return new ProcessStartInfo(DotNet(), ["exec", program, .. arguments]) { UseShellExecute = false };
    }

    /// <summary>Runs it to its end; its exit code.</summary>
    /// <exception cref="UserError">It is not there.</exception>
    public static async Task<int> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var server = Process.Start(StartInfo(arguments))!;
        try
        {
            await server.WaitForExitAsync(cancellationToken);
            return server.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // A terminal has told it, too; whoever has stopped this program only, has not.
            await StopAsync(server);
            return ExitCode.Ok;
        }
    }

    /// <summary>Asks it to end, as a service manager does, and waits.</summary>
    public static async Task StopAsync(Process server)
    {
        if (!OperatingSystem.IsWindows())
            using (var kill = Process.Start("kill", ["-TERM", server.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await server.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            server.Kill();
        }
    }

    /// <summary>The host that runs this very program, or the one on the search path where it has a launcher of its own.</summary>
    private static string DotNet()
    {
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet") return Environment.ProcessPath!;
        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
    }
}
