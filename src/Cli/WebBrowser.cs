using System.Diagnostics;

namespace LazyOC.Cli;

/// <summary>The user's browser: <c>$BROWSER</c>, which may hold arguments, else what the desktop opens addresses with. Over SSH, or on a console, there is none.</summary>
/// <param name="environment">Reads an environment variable.</param>
internal sealed class WebBrowser(Func<string, string?> environment)
{
    /// <summary>How long it may take to begin.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Begins what was named in the first argument, word by word, with the address in the second, which is never part of the
    /// script. It has no terminal: that is the screen's.
    /// </summary>
    private const string Begin = """
        address=$2
        set -f
        set -- $1
        command -v "$1" >/dev/null || exit 127
        "$@" "$address" </dev/null >/dev/null 2>&1 &
        """;

    /// <summary>Has it open an address; false when there is none.</summary>
    public bool TryOpen(Uri url)
    {
        if (OperatingSystem.IsWindows())
        {
            using var opened = Process.Start(new ProcessStartInfo(url.AbsoluteUri) { UseShellExecute = true });
            return true;
        }
        if (Program() is not { } program) return false;
        using var begun = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Begin, "sh", program, url.AbsoluteUri]))!;
        return begun.WaitForExit(Patience) && begun.ExitCode == 0;
    }

    // Without a desktop its opener would look for a browser of the terminal.
    private string? Program() =>
        environment("BROWSER") is { } given && !string.IsNullOrWhiteSpace(given) ? given
        : OperatingSystem.IsMacOS() ? "open"
        : string.IsNullOrEmpty(environment("DISPLAY")) && string.IsNullOrEmpty(environment("WAYLAND_DISPLAY")) ? null
        : "xdg-open";
}
