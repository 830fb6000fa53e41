using System.ComponentModel;
using System.Diagnostics;

namespace LazyOC.Plugins.Packages.Tests.Signing;

/// <summary>The <c>openssl</c> command line.</summary>
internal static class OpenSsl
{
    /// <summary>Why it cannot be run here; null when it can.</summary>
    public static string? Missing { get; } = Find();

    /// <summary>Runs it and gives what it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? printed : throw new InvalidOperationException($"openssl {string.Join(' ', arguments)}: {printed}{errors.Result}");
    }

    private static string? Find()
    {
        try
        {
            Run("version");
            return null;
        }
        catch (Win32Exception)
        {
            return "no openssl on PATH: install openssl 3 or newer";
        }
    }
}

/// <summary>A test against <c>openssl</c>; reported as skipped where that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenSslFactAttribute : FactAttribute
{
    public OpenSslFactAttribute() => Skip = OpenSsl.Missing;
}
