using System.Text;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Sandbox.Files;

/// <summary>A path in a call of <c>files.*</c>: <c>/plugin/…</c>, <c>/tmp/…</c> or <c>/mnt/NAME/…</c>. It has no part <c>.</c> or <c>..</c>; doubled slashes and one at the end mean what one and none do.</summary>
/// <param name="Root">Which tree: <c>/plugin</c>, <c>/tmp</c>, <c>/mnt/NAME</c>, or <c>/</c> and <c>/mnt</c>, which hold only those.</param>
/// <param name="Rest">Where in it, without a slash at either end; empty for the root.</param>
public readonly record struct FilePath(string Root, string Rest)
{
    private const string Mounts = "/mnt";

    /// <summary>The name of the mount; null outside of <c>/mnt</c>.</summary>
    public string? Mount => Root.Length > Mounts.Length + 1 && Root.StartsWith(Mounts + "/", StringComparison.Ordinal) ? Root[(Mounts.Length + 1)..] : null;

    /// <summary>Whether it names the tree itself.</summary>
    public bool IsRoot => Rest.Length == 0;

    /// <summary>Reads a path; null with what is wrong with it.</summary>
    /// <param name="at">What the problem is about.</param>
    /// <param name="path">As the plugin wrote it.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="problem">Null when the path is one.</param>
    public static FilePath? Read(string at, string path, FileLimits limits, out Problem? problem)
    {
        problem = Refuse(path, limits) is { } reason ? new Problem(at, reason, "a path begins with `/plugin`, `/tmp` or `/mnt/NAME`") : null;
        return problem is null ? Of(path) : null;
    }

    /// <summary>A path that <see cref="Read"/> found sound.</summary>
    public static FilePath Of(string path)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var taken = names is [] ? 0 : names[0] == "mnt" ? Math.Min(2, names.Length) : 1;
        return new FilePath("/" + string.Join('/', names[..taken]), string.Join('/', names[taken..]));
    }

    public override string ToString() => Rest.Length == 0 ? Root : Root == "/" ? "/" + Rest : $"{Root}/{Rest}";

    private static string? Refuse(string path, FileLimits limits)
    {
        if (path.Length == 0 || path[0] != '/') return "is not absolute";
        if (Encoding.UTF8.GetByteCount(path) > limits.PathBytes) return $"is longer than {limits.PathBytes} bytes";
        if (path.Contains('\0', StringComparison.Ordinal)) return "has a NUL character";
        if (path.Contains('\\', StringComparison.Ordinal)) return "has a backslash";
        if (path.EnumerateRunes().Any(rune => rune.Value is 0xFFFD)) return "is not valid Unicode";
        var names = path.Split('/')[1..];
        if (names.Length > limits.PathDepth) return $"has {names.Length} parts; at most {limits.PathDepth} are followed";
        foreach (var name in names)
        {
            if (name is "." or "..") return $"has a part `{name}`";
            if (Encoding.UTF8.GetByteCount(name) > limits.NameBytes) return $"has a name longer than {limits.NameBytes} bytes";
        }
        return null;
    }
}
