using System.Text.Json;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>Reads the lines that are added to audit files from now on, whichever process adds them. Not thread safe.</summary>
public sealed class AuditFollower
{
    private readonly IAuditFiles _files;
    private readonly AuditFilter _filter;
    private readonly AuditLimits _limits;
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);

    /// <param name="files">What is followed; what is in them now is not told.</param>
    /// <param name="filter">Which lines are told.</param>
    /// <param name="limits">Bounds of a line.</param>
    public AuditFollower(IAuditFiles files, AuditFilter filter, AuditLimits limits)
    {
        (_files, _filter, _limits) = (files, filter, limits);
        foreach (var name in files.Names())
        {
            using var file = files.OpenRead(name);
            _positions[name] = file.Length;
        }
    }

    /// <summary>The lines since the last time, file by file. A line whose end is not there yet is left for the next time.</summary>
    public IEnumerable<AuditEntry> ReadNew()
    {
        foreach (var name in _files.Names())
            foreach (var entry in ReadNew(name))
                if (_filter.Accepts(entry)) yield return entry;
    }

    private List<AuditEntry> ReadNew(string name)
    {
        var entries = new List<AuditEntry>();
        using var file = _files.OpenRead(name);
        // Lines that could not be synced are taken back out of a file.
        var position = Math.Min(_positions.GetValueOrDefault(name), file.Length);
        file.Position = position;
        var buffer = new byte[_limits.LineBytes + 1];
        var filled = 0;
        while (true)
        {
            var read = file.Read(buffer, filled, buffer.Length - filled);
            filled += read;
            var taken = 0;
            while (buffer.AsSpan(taken, filled - taken).IndexOf((byte)'\n') is >= 0 and var end)
            {
                if (Parse(buffer.AsSpan(taken, end)) is { } entry) entries.Add(entry with { Chain = name.Split('.')[0] });
                taken += end + 1;
            }
            // A line longer than a line may be is passed over in pieces, none of which is one.
            if (taken == 0 && filled == buffer.Length) taken = filled;
            buffer.AsSpan(taken..filled).CopyTo(buffer);
            filled -= taken;
            position += taken;
            if (read == 0) break;
        }
        _positions[name] = position;
        return entries;
    }

    private static AuditEntry? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AuditJson.Default.AuditEntry);
        }
        catch (JsonException)
        {
            // Not a line of ours; `AuditReader.Verify` says so.
            return null;
        }
    }
}
