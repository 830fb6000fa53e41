using System.Text;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Sandbox.Files;

/// <summary>A path in a call of <c>files.*</c>: <c>/plugin/…</c>, <c>/tmp/…</c> or <c>/mnt/NAME/…</c>. It has no part <c>.</c> or <c>..</c>; doubled slashes and one at the end mean what one and none do.</summary>
/// <param name="Root">Which tree: <c>/plugin</c>, <c>/tmp</c>, <c>/mnt/NAME</c>, or <c>/</c> and <c>/mnt</c>, which hold only those.</param>
/// <param name="Rest">Where in it, without a slash at either end; empty for the root.</param>
public readonly record struct FilePath(string Root, string Rest)
{
    private const string Mounts = "/mnt";

    // Source: "Naming Files, Paths, and Namespaces" of Windows, and the object manager's own prefix.
    private static readonly string[] DevicePrefixes = [@"\\.\", @"\\?\", @"\??\"];

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
        problem = !limits.TakesAnyPath && Refuse(path, limits) is { } reason ? new Problem(at, reason, "a path begins with `/plugin`, `/tmp` or `/mnt/NAME`") : null;
        return problem is null ? Of(path) : null;
    }

    /// <summary>A path that <see cref="Read"/> found sound.</summary>
    public static FilePath Of(string path)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var taken = names is [] ? 0 : names[0] == "mnt" ? Math.Min(2, names.Length) : 1;
        return new FilePath("/" + string.Join('/', names[..taken]), string.Join('/', names[taken..]));
    }

    /// <summary>
    /// Whether a path that was refused is an attempt to get out that nobody makes by mistake: <c>..</c> leads above the mount, or
    /// above all trees, and to what is in none; a NUL hides what is behind it; or it names a device of Windows as no folder
    /// could be. What is merely not there, or leads up and back into a tree, is none.
    /// </summary>
    public static bool LeadsOut(string path)
    {
        // A NUL at the end is a C string taken with its end.
        if (path.TrimEnd('\0').Contains('\0', StringComparison.Ordinal)) return true;
        if (Array.Exists(DevicePrefixes, prefix => path.Contains(prefix, StringComparison.Ordinal))) return true;
        var walk = new List<string>();
        string? left = null;
        var isAbove = false;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".") continue;
            if (name != "..")
            {
                walk.Add(name);
                continue;
            }
            isAbove |= walk.Count == 0;
            if (walk is ["mnt", var mount]) left ??= mount;
            if (walk.Count > 0) walk.RemoveAt(walk.Count - 1);
        }
        return (left is not null || isAbove) && walk switch
        {
            [] or ["mnt"] or ["plugin", ..] or ["tmp", ..] => false,
            ["mnt", var mount, ..] => left is not null && left != mount,
            _ => true,
        };
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
