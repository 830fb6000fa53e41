using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Scanning.Trials;

/// <summary>How a process of a trial ended.</summary>
internal enum TrialEnding
{
    /// <summary>By itself.</summary>
    Exited,

    /// <summary>Its time was over.</summary>
    TimedOut,

    /// <summary>It wrote more than a report may be long.</summary>
    Flooded,
}

/// <summary>What came of a process of a trial; all but the layers is the word of what ran in it.</summary>
/// <param name="Ending">How it ended.</param>
/// <param name="ExitCode">Of one that ended by itself.</param>
/// <param name="Output">What it wrote on standard output.</param>
/// <param name="Error">The beginning of what it wrote on standard error.</param>
/// <param name="Layers">What held it.</param>
internal sealed record TrialEnd(TrialEnding Ending, int ExitCode, ReadOnlyMemory<byte> Output, string Error, ImmutableArray<string> Layers);

/// <summary>
/// Starts programs that are not trusted: with an empty environment, a folder of their own, no descriptor but three pipes and, on Linux,
/// within the <see cref="TrialLayers"/> that <c>lazyoc-trial confine</c> puts on before it becomes them.
/// </summary>
internal static class TrialProcess
{
    private const int Kill = 9;

    /// <summary>Runs a program to its end, or to its limits; nothing of it is left then.</summary>
    /// <param name="options">What runs, and what holds it.</param>
    /// <param name="input">What it is given on standard input.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="FileNotFoundException">The program is not there.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The host of .NET cannot be started.</exception>
    public static async Task<TrialEnd> RunAsync(TrialOptions options, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        if (!File.Exists(options.Program)) throw new FileNotFoundException("the program that tries plugins is not there", options.Program);
        var scratch = Directory.CreateTempSubdirectory("lazyoc-trial-");
        try
        {
            using var process = Process.Start(StartOf(options, scratch.FullName)) ?? throw new InvalidOperationException("The process of a trial did not start.");
            return await WatchAsync(process, options, input, cancellationToken);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static ProcessStartInfo StartOf(TrialOptions options, string scratch)
    {
        var (program, arguments) = options.Other ?? (options.Program, ["run"]);
        string[] command = OperatingSystem.IsLinux()
            ?
            [
                "exec", options.Program, "confine", scratch, options.Hidden ?? Directory.CreateDirectory(Path.Combine(scratch, "hidden")).FullName, string.Join(',', options.Layers),
                options.CpuSeconds.ToString(CultureInfo.InvariantCulture), Math.Ceiling(options.Time.TotalSeconds).ToString(CultureInfo.InvariantCulture), program, .. arguments,
            ]
            : ["exec", program, .. arguments];
        var start = new ProcessStartInfo(DotNet(), command) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = scratch };
        start.Environment.Clear();
        var home = OperatingSystem.IsLinux() ? Path.Combine(scratch, "home") : scratch;
        start.Environment["HOME"] = start.Environment["TMPDIR"] = home;
        start.Environment["DOTNET_GCHeapHardLimit"] = options.HeapBytes.ToString("x", CultureInfo.InvariantCulture);
        // No socket and no file that others could talk to it by, and no code written through a file that is larger than files may be.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        if (OperatingSystem.IsWindows())
            foreach (var name in (string[])["SystemRoot", "TEMP", "TMP"]) start.Environment[name] = name == "SystemRoot" ? Environment.GetEnvironmentVariable(name) : scratch;
        return start;
    }

    private static async Task<TrialEnd> WatchAsync(Process process, TrialOptions options, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(options.Time);
        var ending = TrialEnding.Exited;
        var output = new MemoryStream();
        var error = new MemoryStream();
        try
        {
            // Whatever it reads, writes or keeps open, its time ends all three.
            var write = WriteAsync(process.StandardInput.BaseStream, input, late.Token);
            var drain = ReadAsync(process.StandardError.BaseStream, error, options.ErrorBytes, late.Token);
            if (await ReadAsync(process.StandardOutput.BaseStream, output, options.ReportBytes, late.Token, stops: true)) ending = TrialEnding.Flooded;
            else
            {
                await Task.WhenAll(write, drain);
                await process.WaitForExitAsync(late.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            ending = TrialEnding.TimedOut;
        }
        finally
        {
            End(process);
        }
        // It is killed: that it ends takes no longer than the kernel does.
        await process.WaitForExitAsync(CancellationToken.None);
        var said = Encoding.UTF8.GetString(error.ToArray());
        return new TrialEnd(ending, process.ExitCode, output.ToArray(), said, LayersOf(said));
    }

    private static async Task WriteAsync(Stream input, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await using (input) await input.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException)
        {
            // It ended, or closed its input, before it had read all; its exit code and its report tell what came of it.
        }
    }

    /// <summary>Reads to the end and keeps the beginning; true when there was more than is kept.</summary>
    private static async Task<bool> ReadAsync(Stream from, MemoryStream into, int atMost, CancellationToken cancellationToken, bool stops = false)
    {
        var buffer = new byte[16 << 10];
        var isMore = false;
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            var room = Math.Min(read, atMost - (int)into.Length);
            into.Write(buffer, 0, room);
            isMore |= room < read;
            if (isMore && stops) break;
        }
        return isMore;
    }

    /// <summary>Kills the process and all in its group; where it ended by itself, what it has left behind.</summary>
    private static void End(Process process)
    {
        // Its session is its own from the first moments on, before anything runs that is not trusted.
        if (!OperatingSystem.IsWindows()) _ = Signal(-process.Id, Kill);
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }

    /// <summary>The first line that begins so: it was written before anything ran that is not trusted.</summary>
    private static ImmutableArray<string> LayersOf(string error)
    {
        var line = error.Split('\n', 2)[0];
        return line.StartsWith(TrialLayers.Announcement, StringComparison.Ordinal) ? [.. line[TrialLayers.Announcement.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(layer => TrialLayers.All.Contains(layer))] : [];
    }

    /// <summary>The host that runs this very program, or the one that its runtime belongs to.</summary>
    private static string DotNet() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet"
        ? Environment.ProcessPath!
        : Path.Combine(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")), OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
