using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>The files of a registry, as they come: nothing of them is verified.</summary>
/// <remarks>Thread safe. What goes wrong is a <see cref="Fetched.Refused"/> with one message; nothing is thrown for it.</remarks>
public interface IRegistryFiles
{
    /// <summary>Where the registry is, for the user.</summary>
    string Location { get; }

    /// <summary>Reads a small file.</summary>
    /// <param name="path">Below the registry's root, without a slash in front; or a whole address, where the registry keeps it elsewhere.</param>
    /// <param name="etag">Of the copy that is here already; null for none.</param>
    /// <param name="maxBytes">A longer one is refused.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<Fetched> FetchAsync(string path, string? etag, int maxBytes, CancellationToken cancellationToken);

    /// <summary>Appends what is missing of a large file to what is here of it.</summary>
    /// <param name="path">As for <see cref="FetchAsync"/>.</param>
    /// <param name="target">Its length is how much is here. Truncated when the registry begins anew.</param>
    /// <param name="size">Bytes the whole file is to have.</param>
    /// <param name="progress">Told the length of what is here, often.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when <paramref name="target"/> has all; otherwise why not.</returns>
    Task<Shortfall?> AppendAsync(string path, FileStream target, long size, Action<long> progress, CancellationToken cancellationToken);
}

/// <summary>What came of asking for a file.</summary>
public abstract record Fetched
{
    private Fetched() { }

    /// <summary>The file.</summary>
    public sealed record File(ReadOnlyMemory<byte> Bytes, string? ETag) : Fetched;

    /// <summary>The copy that is here is the latest.</summary>
    public sealed record NotModified : Fetched;

    /// <summary>The registry has no such file.</summary>
    public sealed record Missing : Fetched;

    /// <summary>It did not come.</summary>
    /// <param name="Why">One message.</param>
    /// <param name="IsUnreachable">The registry did not answer at all, as when one is offline.</param>
    public sealed record Refused(Problem Why, bool IsUnreachable = false) : Fetched;
}

/// <summary>Why a download is not whole.</summary>
/// <param name="Why">One message.</param>
/// <param name="GoesOn">Whether what is here is good as far as it goes: the next attempt goes on behind it.</param>
public sealed record Shortfall(Problem Why, bool GoesOn);
