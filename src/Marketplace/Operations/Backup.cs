using System.Collections.Immutable;
using System.Security.Cryptography;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Storage;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;
using Microsoft.Data.Sqlite;

namespace LazyOC.Marketplace.Operations;

/// <summary>What a copy of a marketplace holds.</summary>
/// <param name="Packages">How many packages.</param>
/// <param name="Bytes">Their size, all together.</param>
internal sealed record BackupReport(int Packages, long Bytes);

/// <summary>
/// Copies of a marketplace's data folder, and whether one is whole. A copy is a data folder itself: records, packages, and the
/// registry's key, so it is as secret as that.
/// </summary>
internal static class Backup
{
    /// <summary>Copies a marketplace, which may be running meanwhile.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="target">Where to; must not be there, or be empty.</param>
    /// <param name="cancellationToken">Ends it; what is there then is no backup.</param>
    /// <exception cref="IOException">Something cannot be read or written.</exception>
    public static async Task<Outcome<BackupReport>> MakeAsync(string data, string target, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(data, MarketServer.DatabaseFile))) return new Problem(data, "is not the data folder of a marketplace: it has no records", "name it with `--data`");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()) return new Problem(target, "is not empty", "name a folder that is not there yet");
        UserFile.CreateDirectory(target);
        // The records first: every package that they name is there by then, and never changes.
        await CopyRecordsAsync(Path.Combine(data, MarketServer.DatabaseFile), Path.Combine(target, MarketServer.DatabaseFile), cancellationToken);
        var (from, to) = (new PackageFolder(data), new PackageFolder(target));
        var bytes = 0L;
        var digests = await DigestsAsync(target, cancellationToken);
        foreach (var digest in digests)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!File.Exists(from.PathOf(digest))) return new Problem($"{digest}", "is in the records and not among the packages", "`market verify` shows all that is wrong");
            File.Copy(from.PathOf(digest), to.PathOf(digest));
            bytes += new FileInfo(to.PathOf(digest)).Length;
        }
        if (UserFile.Read(Path.Combine(data, RootKey.FileName), SigningLimits.Default.MaxKeyFileBytes) is { } key) UserFile.Write(Path.Combine(target, RootKey.FileName), key);
        return new BackupReport(digests.Length, bytes);
    }

    /// <summary>Puts a copy in place of nothing, after a look at whether it is whole.</summary>
    /// <param name="source">The copy.</param>
    /// <param name="data">The data folder; must not be there, or be empty.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">Something cannot be read or written.</exception>
    public static async Task<Outcome<BackupReport>> RestoreAsync(string source, string data, CancellationToken cancellationToken)
    {
        var problems = await VerifyAsync(source, cancellationToken);
        return problems.IsEmpty ? await MakeAsync(source, data, cancellationToken) : problems;
    }

    /// <summary>All that is wrong with a data folder or a copy of one; nothing when it is whole.</summary>
    /// <exception cref="IOException">Something cannot be read.</exception>
    public static async Task<ImmutableArray<Problem>> VerifyAsync(string data, CancellationToken cancellationToken)
    {
        var records = Path.Combine(data, MarketServer.DatabaseFile);
        if (!File.Exists(records)) return [new Problem(data, "is not the data folder of a marketplace: it has no records", "name it with `--data`")];
        var problems = ImmutableArray.CreateBuilder<Problem>();
        try
        {
            foreach (var complaint in await ComplaintsAsync(records, cancellationToken)) problems.Add(new Problem(records, $"is damaged: {complaint}", "restore a backup"));
            if (problems.Count > 0) return problems.ToImmutable();
            var packages = new PackageFolder(data);
            foreach (var digest in await DigestsAsync(data, cancellationToken))
                if (await CheckAsync(packages.PathOf(digest), digest, cancellationToken) is { } problem) problems.Add(problem);
        }
        catch (SqliteException error)
        {
            problems.Add(new Problem(records, $"cannot be read: {error.Message}", "restore a backup"));
        }
        if (!File.Exists(Path.Combine(data, RootKey.FileName))) problems.Add(new Problem(Path.Combine(data, RootKey.FileName), "is missing: without the registry's key nobody believes what is served", "restore it from where it is kept"));
        return problems.ToImmutable();
    }

    private static async Task<Problem?> CheckAsync(string path, Digest digest, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return new Problem(path, "is missing, though the records name it", "restore it from a backup");
        await using var file = File.OpenRead(path);
        var found = "sha256-" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        return found == digest.ToString() ? null : new Problem(path, "is not what was published: its digest is another", "restore it from a backup");
    }

    private static async Task<ImmutableArray<Digest>> DigestsAsync(string data, CancellationToken cancellationToken)
    {
        using var database = MarketServer.OpenDatabase(data);
        var digests = await database.ReadAsync(sql => sql.ListAsync<string>("SELECT digest FROM versions UNION SELECT digest FROM mirrored_versions WHERE stored IS NOT NULL ORDER BY digest"), cancellationToken);
        return [.. digests.Select(text => Digest.TryParse(text, out var digest) ? digest : throw new IOException($"the records have `{text}` for a digest"))];
    }

    private static async Task<IReadOnlyList<string>> ComplaintsAsync(string records, CancellationToken cancellationToken)
    {
        await using var connection = Open(records);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check;";
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var complaints = new List<string>();
        while (await row.ReadAsync(cancellationToken))
            if (row.GetString(0) is not "ok" and var complaint) complaints.Add(complaint);
        return complaints;
    }

    private static async Task CopyRecordsAsync(string from, string to, CancellationToken cancellationToken)
    {
        await using var connection = Open(from);
        await using var command = connection.CreateCommand();
        // One state of them, whatever is written meanwhile.
        command.CommandText = "VACUUM INTO $to;";
        command.Parameters.AddWithValue("$to", to);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
