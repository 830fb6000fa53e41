using System.Security.Cryptography;
using System.Text;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Publishing;

namespace LazyOC.Marketplace.Downloads;

/// <summary>Writes downloads into the records as sums of a day, a version and a program.</summary>
internal sealed class DownloadWriter(TimeProvider time, MarketLimits limits, string? region)
{
    /// <summary>Adds downloads to what is there: all of them, or, when it throws, none.</summary>
    public async Task WriteAsync(Sql sql, IReadOnlyList<Download> batch)
    {
        var salts = new Dictionary<long, string>();
        foreach (var ofVersion in batch.GroupBy(download => (download.Key, download.Day)))
        {
            var (key, day) = ofVersion.Key;
            if (!salts.TryGetValue(day, out var salt)) salts[day] = salt = await SaltAsync(sql, day);
            var names = new ClientNames(await sql.ListAsync<string>("SELECT client FROM downloads WHERE plugin_id = @PluginId AND version_key = @Key AND day = @day", new { key.PluginId, key.Key, day }), limits.MaxClientsOfDay);
            var counts = new Dictionary<string, (long Installs, long Downloads)>(StringComparer.Ordinal);
            foreach (var ofUser in ofVersion.GroupBy(download => download.Who, StringComparer.Ordinal))
            {
                var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{salt} {ofUser.Key} {key}")));
                var isNew = await sql.ExecuteAsync("INSERT INTO download_marks (day, mark) VALUES (@day, @mark) ON CONFLICT (day, mark) DO NOTHING", new { day, mark }) > 0;
                foreach (var download in ofUser)
                {
                    var client = names.Take(download.Client, isNew);
                    var before = counts.GetValueOrDefault(client);
                    counts[client] = (before.Installs + (isNew ? 1 : 0), before.Downloads + 1);
                    isNew = false;
                }
            }
            await AddAsync(sql, key, day, counts);
            if (region is not null)
                await sql.ExecuteAsync(
                    """
                    INSERT INTO download_regions (plugin_id, version_key, day, region, installs, downloads) VALUES (@PluginId, @Key, @day, @region, @Installs, @Downloads)
                    ON CONFLICT (plugin_id, version_key, day, region) DO UPDATE SET installs = download_regions.installs + excluded.installs, downloads = download_regions.downloads + excluded.downloads
                    """, new { key.PluginId, key.Key, day, region, Installs = counts.Values.Sum(count => count.Installs), Downloads = counts.Values.Sum(count => count.Downloads) });
        }
        // The last one of an account and plugin stays.
        foreach (var download in batch.Where(download => download.Account is not null).GroupBy(download => (download.Account, download.Key.PluginId)).Select(downloads => downloads.Last()))
            await sql.ExecuteAsync(
                "INSERT INTO installations (account_id, plugin_id, version, at) VALUES (@Account, @PluginId, @Version, @Now) ON CONFLICT (account_id, plugin_id) DO UPDATE SET version = excluded.version, at = excluded.at",
                new { download.Account, download.Key.PluginId, download.Version, Now = time.Now() });
    }

    /// <summary>Forgets who was counted before yesterday, and the sums of long ago.</summary>
    public async Task ForgetAsync(Sql sql, long today)
    {
        // Yesterday's are kept for downloads that are still to be counted.
        var before = new { Marks = today - 1, Sums = today - (long)limits.DownloadStatisticsTime.TotalDays };
        await sql.ExecuteAsync("DELETE FROM download_marks WHERE day < @Marks", before);
        await sql.ExecuteAsync("DELETE FROM download_salts WHERE day < @Marks", before);
        await sql.ExecuteAsync("DELETE FROM downloads WHERE day < @Sums", before);
        await sql.ExecuteAsync("DELETE FROM download_regions WHERE day < @Sums", before);
    }

    private static async Task AddAsync(Sql sql, VersionKey key, long day, Dictionary<string, (long Installs, long Downloads)> counts)
    {
        foreach (var (client, (installs, downloads)) in counts)
            await sql.ExecuteAsync(
                """
                INSERT INTO downloads (plugin_id, version_key, day, client, installs, downloads) VALUES (@PluginId, @Key, @day, @client, @installs, @downloads)
                ON CONFLICT (plugin_id, version_key, day, client) DO UPDATE SET installs = downloads.installs + excluded.installs, downloads = downloads.downloads + excluded.downloads
                """, new { key.PluginId, key.Key, day, client, installs, downloads });
        var total = counts.Values.Sum(count => count.Installs);
        if (total == 0) return;
        await sql.ExecuteAsync("UPDATE versions SET installs = installs + @total WHERE plugin_id = @PluginId AND version_key = @Key", new { key.PluginId, key.Key, total });
        await sql.ExecuteAsync("UPDATE plugins SET installs = installs + @total WHERE id = @PluginId", new { key.PluginId, total });
    }

    private static async Task<string> SaltAsync(Sql sql, long day)
    {
        await sql.ExecuteAsync("INSERT INTO download_salts (day, salt) VALUES (@day, @Salt) ON CONFLICT (day) DO NOTHING", new { day, Salt = Secrets.Create("") });
        return (await sql.FirstAsync<string>("SELECT salt FROM download_salts WHERE day = @day", new { day }))!;
    }
}
