using System.Diagnostics.Metrics;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Operations;

/// <summary>What the server counts of itself, beside what ASP.NET Core counts of requests. Thread safe.</summary>
internal sealed class MarketMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "LazyOC.Marketplace";

    private readonly Counter<long> _submissions;
    private readonly Counter<long> _scans;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _downloads;
    private readonly Counter<long> _refusals;

    public MarketMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _submissions = meter.CreateCounter<long>("market.submissions", description: "Versions that were taken in");
        _scans = meter.CreateCounter<long>("market.scans", description: "Checks of versions, by scanner and verdict");
        _decisions = meter.CreateCounter<long>("market.decisions", description: "Versions that were decided about, by state");
        _downloads = meter.CreateCounter<long>("market.downloads", description: "Packages that were sent from their beginning");
        _refusals = meter.CreateCounter<long>("market.refusals", description: "Requests that were refused, by kind");
    }

    public void Submitted() => _submissions.Add(1);

    public void Scanned(ScanReport report) => _scans.Add(1, new("scanner", report.Scanner), new("verdict", report.Verdict));

    public void Decided(VersionState state) => _decisions.Add(1, new KeyValuePair<string, object?>("state", Data.Stored.Name(state)));

    public void Downloaded() => _downloads.Add(1);

    /// <param name="kind">One of <see cref="ProblemTypes"/>.</param>
    public void Refused(string kind) => _refusals.Add(1, new KeyValuePair<string, object?>("kind", kind));
}
