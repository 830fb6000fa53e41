using System.Diagnostics;
using System.Text.Json;

namespace LazyOC.EndToEnd.Tests;

/// <summary>The built program with a home of its own. Disposing deletes the home.</summary>
internal sealed class LazyOc : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("lazyoc-e2e-");

    /// <summary>The folder that holds LazyOC.slnx.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The built program: of a release build the one that users run, which is compiled ahead of time.</summary>
    public static string Program { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)) is var configuration && configuration == "release"
        ? Path.Combine(RepositoryRoot, "artifacts", "lazyoc", "lazyoc")
        : Path.Combine(RepositoryRoot, "artifacts", "bin", "LazyOC.Cli", configuration, "lazyoc");

    /// <summary>A folder that goes when the test ends.</summary>
    public string Home => _home.FullName;

    public string PathOf(string name) => Path.Combine(Home, name);

    /// <summary>Runs the program to its end.</summary>
    public Task<ProgramRun> RunAsync(params string[] arguments) => RunAsync(Program, arguments);

    /// <summary>Runs the program and expects success.</summary>
    public async Task<string> OkAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"lazyoc {string.Join(' ', arguments)} ended with {run.ExitCode}\n{run.Error}\n{run.Output}");
        return run.Output;
    }

    /// <summary>Runs the program with <c>--output json</c> and expects success.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        using var document = JsonDocument.Parse(await OkAsync([.. arguments, "--output", "json"]));
        return document.RootElement.Clone();
    }

    /// <summary>Runs any program with this home.</summary>
    /// <param name="program">Which.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads from its standard input.</param>
    public async Task<ProgramRun> RunAsync(string program, string[] arguments, string input = "")
    {
        using var process = Start(program, arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience}", late);
        }

        return new ProgramRun(process.ExitCode, await output, await error);
    }

    /// <summary>Starts the program and lets it run.</summary>
    public Process Start(params string[] arguments) => Start(Program, arguments);

    public Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment["LAZYOC_HOME"] = Home;
        start.Environment["KUBECACHEDIR"] = PathOf("kube-cache");
        start.Environment["HOME"] = Home;
        start.Environment.Remove("KUBECONFIG");
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    public void Dispose() => _home.Delete(recursive: true);

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "LazyOC.slnx")))
                return directory.FullName;
        throw new InvalidOperationException($"No LazyOC.slnx above {AppContext.BaseDirectory}.");
    }
}

/// <summary>How a program ended.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error);
