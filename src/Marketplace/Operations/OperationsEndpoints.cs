using System.Data.Common;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Teams;

namespace LazyOC.Marketplace.Operations;

/// <summary>What those who run the server ask it. Nothing of it names anybody.</summary>
internal static class OperationsEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Results.Text("ok\n")).ExcludeFromDescription();
        app.MapGet("/readyz", ReadyAsync).ExcludeFromDescription();
        app.MapGet("/metrics", MetricsAsync).ExcludeFromDescription();
    }

    /// <summary>Whether requests can be answered: the records can be read, and it was not asked to stop.</summary>
    private static async Task<IResult> ReadyAsync(Database database, Drain drain, CancellationToken cancellationToken)
    {
        if (drain.IsStopping) return new Refusal(ProblemTypes.Unavailable, "the server is about to stop") { RetryAfter = TimeSpan.FromSeconds(5) };
        try
        {
            await database.ReadAsync(sql => sql.FirstAsync<long>("SELECT COUNT(*) FROM schema_migrations"), cancellationToken);
            return Results.Text("ready\n");
        }
        catch (DbException)
        {
            return new Refusal(ProblemTypes.Unavailable, "the records cannot be read") { RetryAfter = TimeSpan.FromSeconds(5) };
        }
    }

    private static async Task<IResult> MetricsAsync(PrometheusText text, Database database, ScanQueue queue, DownloadCounts downloads, TimeProvider time, CancellationToken cancellationToken)
    {
        var (plugins, held, expires) = await database.ReadAsync(async sql => (
            await sql.FirstAsync<long>($"SELECT COUNT(*) FROM plugins p WHERE p.latest IS NOT NULL AND {Sight.OfEverybody}"),
            await sql.FirstAsync<long>("SELECT COUNT(*) FROM versions WHERE state = 'held'"),
            await sql.FirstAsync<long?>("SELECT MIN(expires) FROM documents")), cancellationToken);
        return Results.Text(text.Write(
        [
            ("market_plugins", "Plugins that are offered to everybody", plugins),
            ("market_versions_held", "Versions that wait for a moderator", held),
            ("market_scan_queue", "Versions that wait for their checks", await queue.CountAsync(cancellationToken)),
            ("market_downloads_waiting", "Downloads that wait to be counted", downloads.Waiting),
            ("market_downloads_dropped", "Downloads that were not counted because too many were waiting", downloads.Dropped),
            ("market_documents_expire_seconds", "Time until the first signed document expires", expires is { } first ? (first - time.Now()) / 1000.0 : 0),
        ]), PrometheusText.MediaType);
    }
}
