using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LazyOC.Plugins.Contracts;

/// <summary>The names a file may have in a package: relative, with <c>/</c>, and the same file on every platform.</summary>
/// <remarks>
/// Names are ASCII. That keeps out names that differ for one file system and are the same for another (Unicode
/// normalisation), and look-alikes in what the user is shown.
/// </remarks>
public static class PackagePath
{
    /// <summary>Longest name in bytes.</summary>
    public const int MaxBytes = 240;

    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Whether a name is allowed; if not, <paramref name="reason"/> continues a sentence that begins with it.</summary>
    public static bool IsValid(string path, [NotNullWhen(false)] out string? reason)
    {
        reason = Refuse(path);
        return reason is null;
    }

    private static string? Refuse(string path)
    {
        if (path.Length == 0) return "is empty";
        if (Encoding.UTF8.GetByteCount(path) > MaxBytes) return $"is longer than {MaxBytes} bytes";
        if (path[0] == '/') return "is absolute";
        if (path.Contains('\\', StringComparison.Ordinal)) return "has a backslash";
        if (path.Contains(':', StringComparison.Ordinal)) return "has a colon, which names a drive or a stream";
        foreach (var c in path)
        {
            if (c is < ' ' or '\x7f') return "has a control character";
            if (c > '\x7f') return "has a character outside ASCII";
            if (c is '<' or '>' or '"' or '|' or '?' or '*') return $"has `{c}`, which is not a file name on every platform";
        }
        foreach (var segment in path.Split('/'))
        {
            if (segment.Length == 0) return "has an empty part";
            if (segment is "." or "..") return "leads out of its folder";
            if (segment[^1] is '.' or ' ') return "has a part that ends in a dot or a space";
            if (IsDevice(segment)) return "has a part that is a device name";
        }
        return null;
    }

    /// <summary>Windows reserves these names with any extension.</summary>
    private static bool IsDevice(string segment)
    {
        var name = segment.Split('.', 2)[0].TrimEnd().ToUpperInvariant();
        return Devices.Contains(name) || (name.Length == 4 && (name.StartsWith("COM", StringComparison.Ordinal) || name.StartsWith("LPT", StringComparison.Ordinal)) && name[3] is >= '0' and <= '9');
    }
}
