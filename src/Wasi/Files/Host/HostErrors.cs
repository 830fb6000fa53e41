using System.Buffers;
using System.Security;

namespace LazyOC.Wasi;

/// <summary>What .NET throws for files, as WASI names it, and which names every system takes.</summary>
internal static class HostErrors
{
    /// <summary>Entries of one directory that are read into memory; beyond that <c>EIO</c>.</summary>
    public const int MaxEntries = 1_000_000;

    /// <summary>Names that Windows gives to devices, in every directory and with every extension.</summary>
    private static readonly string[] Devices =
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Enumerable.Range(0, 10).SelectMany(number => new[] { $"COM{number}", $"LPT{number}" }), "COM¹", "COM²", "COM³", "LPT¹", "LPT²", "LPT³"];

    private static readonly SearchValues<char> WindowsPunctuation = SearchValues.Create("<>:\"/\\|?*");

    /// <summary>Runs what touches the host's files; what that throws becomes an error code.</summary>
    public static Errno Try<T>(Func<T> action, out T result)
    {
        try
        {
            result = action();
            return Errno.Success;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            result = default!;
            return Translate(exception);
        }
    }

    public static bool IsExpected(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException;

    public static Errno Translate(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => Errno.NoEntry,
        PathTooLongException => Errno.NameTooLong,
        UnauthorizedAccessException or SecurityException => Errno.Access,
        ArgumentException => Errno.Invalid,
        NotSupportedException => Errno.NotSupported,
        _ when OperatingSystem.IsWindows() => FromWindows(exception.HResult & 0xFFFF),
        _ when OperatingSystem.IsLinux() => LinuxErrors.Translate(exception.HResult),
        _ => Errno.InputOutput,
    };

    /// <summary>Whether a name is one file or directory on this system, and not a device, a stream or a path.</summary>
    public static bool IsPlainName(string name)
    {
        if (name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) || name.Contains(Path.AltDirectorySeparatorChar, StringComparison.Ordinal))
            return false;
        return !OperatingSystem.IsWindows() || IsPlainWindowsName(name);
    }

    internal static bool IsPlainWindowsName(string name) =>
        !name.AsSpan().ContainsAny(WindowsPunctuation)
        && !name.Any(char.IsControl)
        && name[^1] is not ('.' or ' ')
        && !Devices.Contains(name.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase);

    private static Errno FromWindows(int code) => code switch
    {
        2 or 3 => Errno.NoEntry,
        5 => Errno.Access,
        17 => Errno.CrossDevice,
        19 => Errno.ReadOnly,
        32 or 33 => Errno.Busy,
        39 or 112 => Errno.NoSpace,
        80 or 183 => Errno.Exists,
        109 or 232 => Errno.BrokenPipe,
        145 => Errno.NotEmpty,
        267 => Errno.NotDirectory,
        _ => Errno.InputOutput,
    };
}
