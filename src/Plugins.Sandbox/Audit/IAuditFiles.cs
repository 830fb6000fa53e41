namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>Where audit files are kept. Plugins cannot reach it. Thread safe.</summary>
public interface IAuditFiles
{
    /// <summary>Names of all files, in ordinal order.</summary>
    IReadOnlyList<string> Names();

    /// <summary>A new file to append to; a write that returned is on the disk.</summary>
    /// <exception cref="IOException">It exists already, or cannot be made.</exception>
    Stream Create(string name);

    /// <summary>A file to read, while others may append to it.</summary>
    Stream OpenRead(string name);
}
