using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market serve</c>: starts the program <c>lazyoc-market</c>, which lies beside this one, and ends with it.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        var port = new Option<int?>("--port", "-p") { Description = "Port on the loopback interface; 7420 when absent, 0 for any that is free", HelpName = "P" };
        var data = new Option<DirectoryInfo?>("--data", "-d") { Description = "Folder for records, packages and the registry's key; market-data when absent", HelpName = "DIR" };
        var name = new Option<string?>("--name") { Description = "What the registry is called", HelpName = "NAME" };
        var isPrivate = new Option<bool>("--private") { Description = "Reading takes a token, too" };
        var noCooldown = new Option<bool>("--no-cooldown") { Description = "Updates that may do much are chosen at once" };
        var advisories = new Option<DirectoryInfo?>("--advisories") { Description = "Folder of advisories in the OSV format, which dependencies of packages are held against", HelpName = "DIR" };
        var seed = new Option<bool>("--seed-demo") { Description = "Publish the demo's plugins there first, to have something to look at" };
        var command = new Command(
            "serve",
            """
            Runs a marketplace: accounts, publishing with checks, search, reviews, and a registry that plugins are installed from.
            It prints its address and the fingerprint of its key. Put a proxy with TLS before it where others are to reach it.

            Examples:
              lazyoc market serve --seed-demo
              lazyoc market serve --port 8080 --data /srv/market --name "Our plugins" --private
            """) { port, data, name, isPrivate, noCooldown, advisories, seed };
        command.SetAction((parsed, cancellationToken) =>
        {
            var arguments = new List<string>();
            Add("--port", parsed.GetValue(port)?.ToString(CultureInfo.InvariantCulture));
            Add("--data", parsed.GetValue(data)?.FullName);
            Add("--name", parsed.GetValue(name));
            Add("--advisories", parsed.GetValue(advisories)?.FullName);
            if (parsed.GetValue(isPrivate)) arguments.Add("--private");
            if (parsed.GetValue(noCooldown)) arguments.Add("--no-cooldown");
            if (parsed.GetValue(seed)) Add("--seed", Path.Combine(AppContext.BaseDirectory, "demo-plugins"));
            return RunAsync(arguments, cancellationToken);

            void Add(string option, string? value)
            {
                if (value is not null) arguments.AddRange([option, value]);
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(List<string> arguments, CancellationToken cancellationToken)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "market", "lazyoc-market.dll");
        if (!File.Exists(program)) throw new UserError(ExitCode.Failed, $"the marketplace's program is not here: {program}", "build LazyOC again, or install it whole");
        using var server = Process.Start(new ProcessStartInfo(DotNet(), ["exec", program, .. arguments]) { UseShellExecute = false })!;
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

    private static async Task StopAsync(Process server)
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
