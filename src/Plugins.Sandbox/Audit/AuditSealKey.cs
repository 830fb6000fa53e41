using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Secrets;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>The key of a home's audit seals: 32 bytes in a file beside the audit that only this user may read.</summary>
public static class AuditSealKey
{
    private const int Bytes = 32;

    /// <summary>The key; empty when there is none.</summary>
    /// <exception cref="IOException">The file is damaged or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It is somebody else's.</exception>
    public static ReadOnlyMemory<byte> Read(string path) => UserFile.Read(path, Bytes) switch
    {
        null => ReadOnlyMemory<byte>.Empty,
        { Length: Bytes } key => key,
        _ => throw new IOException($"`{path}` is damaged: chains that were sealed with it cannot be checked"),
    };

    /// <summary>The key; made when there is none.</summary>
    /// <exception cref="IOException">The file is damaged, or cannot be read or made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static ReadOnlyMemory<byte> ReadOrMake(string path, RandomSource random)
    {
        if (Read(path) is { IsEmpty: false } found) return found;
        var key = new byte[Bytes];
        random(key);
        try
        {
            UserFile.Write(path, key, overwrite: false);
            return key;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first.
            return Read(path);
        }
    }
}
