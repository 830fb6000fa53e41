using System.Diagnostics;

namespace LazyOC.Cluster.Simulator.Tests.Kubectl;

/// <summary>A running bookstore and kubectl pointed at it, with a home of its own. Steps follow each other without waiting for real seconds.</summary>
public sealed class KubectlCluster : IAsyncLifetime
{
    private static readonly TimeSpan StepPause = TimeSpan.FromMilliseconds(60);

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-kubectl-").FullName;
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _stepping = Task.CompletedTask;

    public SimulatedCluster Cluster { get; private set; } = null!;

    internal static string? Executable { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "kubectl.exe" : "kubectl")).FirstOrDefault(File.Exists);

    private string Kubeconfig => Path.Combine(_home, "kubeconfig");

    public async Task InitializeAsync()
    {
        Cluster = await SimulatedCluster.StartAsync(new SimulatorOptions());
        await Cluster.WriteKubeconfigAsync(Kubeconfig);
        _stepping = StepAsync();
    }

    public async Task DisposeAsync()
    {
        _stop.SetResult();
        await _stepping;
        await Cluster.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    /// <summary>Runs kubectl to its end and returns what it printed; a failure fails the test with its messages.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        (int code, string output, string errors) = await TryAsync(null, arguments);
        Assert.True(code == 0, $"kubectl {string.Join(' ', arguments)} exited with {code}: {errors}{output}");
        return output;
    }

    public async Task<(int Code, string Output, string Errors)> TryAsync(string? input, params string[] arguments)
    {
        using Process process = Start(arguments);
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync();
            return (-1, await output, "kubectl did not end within two minutes: " + await errors);
        }

        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Starts kubectl and leaves it running.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["HOME"] = _home;
        start.Environment["KUBECACHEDIR"] = Path.Combine(_home, "cache");
        start.Environment["KUBECONFIG"] = Kubeconfig;
        return Process.Start(start)!;
    }

    private async Task StepAsync()
    {
        while (!_stop.Task.IsCompleted)
        {
            await Cluster.AdvanceAsync();
            await Task.WhenAny(Task.Delay(StepPause), _stop.Task);
        }
    }
}
