using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Scanning.Advisories;

/// <summary>The advisories of a folder, by package. Thread safe.</summary>
/// <remarks>The folder is looked at for every scan, but only files that are new, or of another time or size, are read again.</remarks>
internal sealed class AdvisoryFolder(ScannerLimits limits)
{
    private volatile Snapshot? _last;

    /// <summary>Reads the folder; a single file that cannot be read refuses all of it, because nobody knows what it would have said.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    public Outcome<ILookup<string, Advisory>> Read(string folder, CancellationToken cancellationToken)
    {
        var before = _last?.Folder == folder ? _last : null;
        var files = new Dictionary<string, ReadFile>(StringComparer.Ordinal);
        var isSame = true;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.json", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (files.Count == limits.Advisories) return new Problem(folder, $"has more than {limits.Advisories:N0} advisories");
            var known = before?.Files.GetValueOrDefault(file.FullName);
            if (known is null || known.Length != file.Length || known.Written != file.LastWriteTimeUtc)
            {
                isSame = false;
                if (!Read(file).TryGet(out var advisory, out var problems)) return problems.Select(problem => problem.In(file.Name)).ToImmutableArray();
                known = new ReadFile(file.Length, file.LastWriteTimeUtc, advisory);
            }
            files.Add(file.FullName, known);
        }
        if (files.Count == 0) return new Problem(folder, "has no advisory: it was never filled, or emptied");
        if (before is not null && isSame && before.Files.Count == files.Count) return new Outcome<ILookup<string, Advisory>>.Success(before.ByPackage);
        var byPackage = files.Values.SelectMany(file => file.Advisory.Affected.Select(affected => affected.Name).Distinct(StringComparer.Ordinal).Select(name => (Name: name, file.Advisory)))
            .ToLookup(entry => entry.Name, entry => entry.Advisory, StringComparer.Ordinal);
        _last = new Snapshot(folder, files, byPackage);
        return new Outcome<ILookup<string, Advisory>>.Success(byPackage);
    }

    private Outcome<Advisory> Read(FileInfo file)
    {
        if (file.Length > limits.AdvisoryBytes) return new Problem("", $"has {ByteSize.Format(file.Length)}; at most {ByteSize.Format(limits.AdvisoryBytes)} are read");
        try
        {
            return OsvReader.Read(File.ReadAllBytes(file.FullName));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Problem("", $"cannot be read: {error.Message}");
        }
    }

    private sealed record ReadFile(long Length, DateTime Written, Advisory Advisory);

    private sealed record Snapshot(string Folder, Dictionary<string, ReadFile> Files, ILookup<string, Advisory> ByPackage);
}
