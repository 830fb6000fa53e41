namespace LazyOC.Plugins.Sandbox.Files;

/// <summary>Where a path of the host really leads: every link on the way followed.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>The path without links, dots and a slash at its end; what does not exist of it is taken as it is written.</summary>
    /// <exception cref="IOException">Links lead in a circle, or one cannot be read.</exception>
    public static string Of(string path)
    {
        var left = new Stack<string>();
        var root = Push(left, Path.GetFullPath(path));
        var here = root;
        for (var links = 0; left.TryPop(out var name);)
        {
            if (name is "..")
            {
                here = Path.GetDirectoryName(here) ?? root;
                continue;
            }
            var next = Path.Combine(here, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                here = next;
                continue;
            }
            if (++links > MaxLinks) throw new IOException($"`{path}` leads through more than {MaxLinks} links");
            if (Path.IsPathRooted(target)) here = Push(left, target);
            else Push(left, target);
        }
        return Path.TrimEndingDirectorySeparator(here);
    }

    /// <summary>Puts the names of a path before those that are left.</summary>
    /// <returns>The root of the path.</returns>
    private static string Push(Stack<string> left, string path)
    {
        var root = Path.GetPathRoot(path) ?? "";
        var names = path[root.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        for (var i = names.Length - 1; i >= 0; i--)
            if (names[i] != ".") left.Push(names[i]);
        return root;
    }
}
