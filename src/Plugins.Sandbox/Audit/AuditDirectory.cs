namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>Audit files in a directory that only the user may read; it is made when the first file is.</summary>
public sealed class AuditDirectory(string path) : IAuditFiles
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Names()
    {
        if (!Directory.Exists(path)) return [];
        return [.. Directory.EnumerateFiles(path, "*" + AuditChain.Extension).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public Stream Create(string name)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            Options = FileOptions.WriteThrough,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, ownerOnly | UnixFileMode.UserExecute);
            options.UnixCreateMode = ownerOnly;
        }
        return new FileStream(Path.Combine(path, name), options);
    }

    /// <inheritdoc/>
    public Stream OpenRead(string name) =>
        new FileStream(Path.Combine(path, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
