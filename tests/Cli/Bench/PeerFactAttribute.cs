using System.ComponentModel;
using System.Diagnostics;

namespace LazyOC.Cli.Tests.Bench;

/// <summary>A test that needs programs as real peers; reported as skipped where one is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute(params string[] programs)
    {
        Programs = programs;
        if (Array.Find(programs, program => !IsInstalled(program)) is { } missing)
            Skip = $"`{missing}` was not found; install it (Debian: apt-get install nodejs wabt gcc)";
    }

    public string[] Programs { get; }

    private static bool IsInstalled(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { UseShellExecute = false, RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
