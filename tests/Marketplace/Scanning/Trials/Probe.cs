using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace LazyOC.Marketplace.Tests.Scanning.Trials;

/// <summary>What a program finds that runs natively in the process of a trial, as a plugin would that had broken out of the sandbox.</summary>
internal sealed record Findings
{
    public required string Key { get; init; }

    public required string Network { get; init; }

    public required string Process { get; init; }

    public required string Sibling { get; init; }

    public required string ServerEnvironment { get; init; }

    public required string[] Environment { get; init; }

    public required string[] Descriptors { get; init; }
}

/// <summary>The programs that tests run in the process of a trial.</summary>
internal static class Probe
{
    public const string Success = "yes";

    /// <summary>Tries everything: KEY-FILE PORT SERVER-PROCESS SIBLING-PROCESS; tells on standard output how it went.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (port, server, sibling) = (Number(arguments[1]), arguments[2], Number(arguments[3]));
        var findings = new Findings
        {
            Key = await TryAsync(() => File.ReadAllTextAsync(arguments[0])),
            Network = await TryAsync(() => ConnectAsync(port)),
            Process = await TryAsync(() => Task.Run(StartProcess)),
            Sibling = await TryAsync(() => Task.Run(() => Signal(sibling))),
            ServerEnvironment = await TryAsync(() => File.ReadAllTextAsync($"/proc/{server}/environ")),
            Environment = [.. System.Environment.GetEnvironmentVariables().Keys.Cast<string>().Order(StringComparer.Ordinal)],
            Descriptors = [.. Directory.EnumerateFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget ?? "")],
        };
        Console.WriteLine(JsonSerializer.Serialize(findings));
        return 0;
    }

    /// <summary>Does what no trial does.</summary>
    public static int Misbehave(string how)
    {
        using var output = Console.OpenStandardOutput();
        switch (how)
        {
            case "flood":
                for (var line = new byte[64 << 10]; ;) output.Write(line);
            case "garbage":
                output.Write("{\"visits\":[],\"calls\":[],\"callsLeftOut\":0,\"verdict\":\"pass\"}"u8);
                return 0;
            case "nothing":
                return 0;
            case "lie":
                output.Write("{\"visits\":[],\"calls\":[{\"call\":\"log.write\",\"target\":\"\",\"outcome\":\"done\",\"count\":-1}],\"callsLeftOut\":0}"u8);
                return 0;
            case "crash":
                return 3;
            case "hang":
                Thread.Sleep(Timeout.Infinite);
                return 0;
            case "leave":
                // A child that lives longer than its parent, and says who it is.
                using (var child = Process.Start(new ProcessStartInfo("/bin/sleep", "600") { UseShellExecute = false })!) Console.Error.WriteLine($"child {child.Id}");
                Thread.Sleep(Timeout.Infinite);
                return 0;
            case "spin":
                while (true) Thread.SpinWait(1_000);
            case "eat":
                // Not touched: what is limited is what may be, before it is.
                for (var i = 0; i < 64; i++) Marshal.AllocHGlobal(128 << 20);
                return 0;
            case "write":
                using (var file = File.Create(Path.Combine(System.Environment.GetEnvironmentVariable("HOME")!, "large")))
                    for (var block = new byte[1 << 20]; file.Length < 100 << 20;) file.Write(block);
                return 0;
            default:
                return 2;
        }
    }

    private static async Task<string> TryAsync(Func<Task> attempt)
    {
        try
        {
            await attempt();
            return Success;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or SocketException or System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return $"{refused.GetType().Name}: {refused.Message}";
        }
    }

    private static async Task ConnectAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync("probe"u8.ToArray());
    }

    private static void StartProcess()
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/true") { UseShellExecute = false })!;
        process.WaitForExit();
    }

    private static void Signal(int process)
    {
        if (Kill(process, 9) != 0) throw new System.ComponentModel.Win32Exception(Marshal.GetLastPInvokeError());
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
