using System.Collections.Immutable;
using System.Data.Common;
using LazyOC.Marketplace.Data;
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
/// Copies of a marketplace, and whether one is whole. A copy is a data folder itself, wherever the marketplace has its records
/// and packages: SQLite, packages, and the registry's key, so it is as secret as that. It is put back into either.
/// </summary>
internal static class Backup
{
    /// <summary>Copies a marketplace, which may be running meanwhile.</summary>
    /// <param name="source">How the marketplace is set up.</param>
    /// <param name="target">Where to; must not be there, or be empty.</param>
    /// <param name="cancellationToken">Ends it; what is there then is no backup.</param>
    /// <exception cref="IOException">Something cannot be read or written.</exception>
    public static async Task<Outcome<BackupReport>> MakeAsync(MarketOptions source, string target, CancellationToken cancellationToken)
    {
        if (Lacks(source) is { } missing) return missing;
        if (IsFull(target)) return new Problem(target, "is not empty", "name a folder that is not there yet");
        if (!PackageStorage.Open(source).TryGet(out var from, out var problems)) return problems;
        using var packages = from;
        UserFile.CreateDirectory(target);
        // The records first: every package that they name is there by then, and never changes.
        if (source.Database is null)
        {
            await CopyFileAsync(Path.Combine(source.DataDirectory, Database.FileName), Path.Combine(target, Database.FileName), cancellationToken);
        }
        else
        {
            if (!Database.Open(source, MarketLimits.Default).TryGet(out var database, out problems)) return problems;
            using var records = database;
            using var copy = Database.OfFolder(target);
            if (await RecordCopy.RunAsync(records, copy, cancellationToken) is { } problem) return problem;
        }
        using var folder = new PackageFolder(target);
        var report = await CopyPackagesAsync(await DigestsAsync(target, cancellationToken), packages, folder, cancellationToken);
        if (report.TryGet(out _, out _)) CopyKey(source.DataDirectory, target);
        return report;
    }

    /// <summary>Puts a copy in place of nothing, after a look at whether it is whole.</summary>
    /// <param name="source">The copy.</param>
    /// <param name="target">How the marketplace will be set up; its folder, database and bucket must not be there, or be empty.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">Something cannot be read or written.</exception>
    public static async Task<Outcome<BackupReport>> RestoreAsync(string source, MarketOptions target, CancellationToken cancellationToken)
    {
        var copy = new MarketOptions { DataDirectory = source };
        var problems = await VerifyAsync(copy, cancellationToken);
        if (!problems.IsEmpty) return problems;
        if (target is { Database: null, Storage: null }) return await MakeAsync(copy, target.DataDirectory, cancellationToken);
        if (IsFull(target.DataDirectory)) return new Problem(target.DataDirectory, "is not empty", "name a folder that is not there yet");
        if (!PackageStorage.Open(target).TryGet(out var packages, out problems)) return problems;
        using var to = packages;
        if (!Database.Open(target, MarketLimits.Default).TryGet(out var database, out problems)) return problems;
        using var records = database;
        using var from = new PackageFolder(source);
        // The records last: what they name is there by then, and what was broken off is begun again.
        var report = await CopyPackagesAsync(await DigestsAsync(source, cancellationToken), from, to, cancellationToken);
        if (!report.TryGet(out _, out _)) return report;
        using var own = Database.OfFolder(source);
        if (await RecordCopy.RunAsync(own, records, cancellationToken) is { } problem) return problem;
        CopyKey(source, target.DataDirectory);
        return report;
    }

    /// <summary>All that is wrong with a marketplace or a copy of one; nothing when it is whole.</summary>
    /// <exception cref="IOException">Something cannot be read.</exception>
    public static async Task<ImmutableArray<Problem>> VerifyAsync(MarketOptions market, CancellationToken cancellationToken)
    {
        if (Lacks(market) is { } missing) return [missing];
        var (records, key) = (market.Database is null ? Path.Combine(market.DataDirectory, Database.FileName) : "the database", Path.Combine(market.DataDirectory, RootKey.FileName));
        var found = ImmutableArray.CreateBuilder<Problem>();
        try
        {
            if (market.Database is null)
                foreach (var complaint in await ComplaintsAsync(records, cancellationToken)) found.Add(new Problem(records, $"is damaged: {complaint}", "restore a backup"));
            if (found.Count > 0) return found.ToImmutable();
            if (!PackageStorage.Open(market).TryGet(out var packages, out var problems)) return problems;
            using var storage = packages;
            if (!Database.Open(market, MarketLimits.Default).TryGet(out var database, out problems)) return problems;
            using var open = database;
            foreach (var digest in await DigestsAsync(database, cancellationToken))
                if (await CheckAsync(storage, digest, cancellationToken) is { } problem) found.Add(problem);
        }
        catch (DbException error)
        {
            found.Add(new Problem(records, $"cannot be read: {error.Message}", "restore a backup"));
        }
        if (!File.Exists(key)) found.Add(new Problem(key, "is missing: without the registry's key nobody believes what is served", "restore it from where it is kept"));
        return found.ToImmutable();
    }

    private static Problem? Lacks(MarketOptions market) => market.Database is null && !File.Exists(Path.Combine(market.DataDirectory, Database.FileName))
        ? new Problem(market.DataDirectory, "is not the data folder of a marketplace: it has no records", "name it with `--data`")
        : null;

    private static bool IsFull(string directory) => Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any();

    private static async Task<Problem?> CheckAsync(PackageStorage packages, Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return Digest.Of(await packages.ReadAsync(digest, cancellationToken)) == digest ? null : new Problem($"{digest}", "is not what was published: its digest is another", "restore it from a backup");
        }
        catch (FileNotFoundException)
        {
            return new Problem($"{digest}", "is missing, though the records name it", "restore it from a backup");
        }
    }

    private static async Task<Outcome<BackupReport>> CopyPackagesAsync(ImmutableArray<Digest> digests, PackageStorage from, PackageStorage to, CancellationToken cancellationToken)
    {
        var total = 0L;
        foreach (var digest in digests)
        {
            byte[] bytes;
            try
            {
                bytes = await from.ReadAsync(digest, cancellationToken);
            }
            catch (FileNotFoundException)
            {
                return new Problem($"{digest}", "is in the records and not among the packages", "`market verify` shows all that is wrong");
            }
            await using var file = to.Begin();
            await file.AppendAsync(bytes, cancellationToken);
            if (await file.EndAsync() != digest) return new Problem($"{digest}", "is not what was published: its digest is another", "`market verify` shows all that is wrong");
            await to.KeepAsync(file, digest, cancellationToken);
            total += bytes.Length;
        }
        return new BackupReport(digests.Length, total);
    }

    private static void CopyKey(string from, string to)
    {
        if (UserFile.Read(Path.Combine(from, RootKey.FileName), SigningLimits.Default.MaxKeyFileBytes) is { } key) UserFile.Write(Path.Combine(to, RootKey.FileName), key);
    }

    private static async Task<ImmutableArray<Digest>> DigestsAsync(string data, CancellationToken cancellationToken)
    {
        using var database = Database.OfFolder(data);
        return await DigestsAsync(database, cancellationToken);
    }

    private static async Task<ImmutableArray<Digest>> DigestsAsync(Database database, CancellationToken cancellationToken)
    {
        var digests = await database.ReadAsync(sql => sql.ListAsync<string>("SELECT DISTINCT digest FROM versions ORDER BY digest"), cancellationToken);
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

    private static async Task CopyFileAsync(string from, string to, CancellationToken cancellationToken)
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
