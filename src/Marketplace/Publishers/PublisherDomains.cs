using System.Text;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Publishers;

/// <summary>The domains of publishers, shown by a file that only who has the domain can put there. What was found once counts for a while: domains change hands.</summary>
internal sealed class PublisherDomains : IDisposable
{
    private const int MaxDomainChars = 253;
    private const int MaxLabelChars = 63;

    private readonly Database _database;
    private readonly MarketOptions _options;
    private readonly TimeProvider _time;
    private readonly MarketLimits _limits;
    private readonly HttpClient _http;

    public PublisherDomains(Database database, MarketOptions options, TimeProvider time, MarketLimits limits)
    {
        (_database, _options, _time, _limits) = (database, options, time, limits);
        _http = new HttpClient(options.Outgoing.CreateHandler(limits.DomainAnswerTime)) { Timeout = limits.DomainAnswerTime, MaxResponseContentBufferSize = limits.MaxProofBytes };
    }

    /// <summary>Those that are verified; members see all.</summary>
    public Task<DomainList> ListAsync(Caller? viewer, string publisher, CancellationToken cancellationToken) => _database.ReadAsync(async sql =>
    {
        var seesAll = viewer is not null && await PublisherStore.LacksRoleAsync(sql, viewer, publisher, PublisherRole.Reviewer, TokenScope.Read) is null;
        var domains = (await sql.ListAsync<Row>("SELECT domain, proof, verified FROM publisher_domains WHERE publisher = @publisher ORDER BY domain", new { publisher })).Select(row => DomainOf(publisher, row, seesAll));
        return new DomainList([.. domains.Where(domain => seesAll || domain.IsVerified)]);
    }, cancellationToken);

    public async Task<Answer<PublisherDomain>> AddAsync(Caller caller, string publisher, string domain, CancellationToken cancellationToken)
    {
        if (!IsDomain(domain)) return Refusal.Invalid("domain", "`domain` is no name of a domain", "such as `acme.example`, in lower case, and in its `xn--` form where it has other letters");
        return await _database.TryWriteAsync<PublisherDomain>(async sql =>
        {
            if (await PublisherStore.LacksRoleAsync(sql, caller, publisher, PublisherRole.Owner, TokenScope.Owner) is { } refusal) return refusal;
            if (await sql.FirstAsync<long>("SELECT COUNT(*) FROM publisher_domains WHERE publisher = @publisher", new { publisher }) >= _limits.MaxDomains) return new Refusal(ProblemTypes.QuotaExceeded, $"`{publisher}` has {_limits.MaxDomains} domains already");
            await sql.ExecuteAsync(
                "INSERT INTO publisher_domains (publisher, domain, proof, created) VALUES (@publisher, @domain, @Proof, @Now) ON CONFLICT (publisher, domain) DO NOTHING",
                new { publisher, domain, Proof = Secrets.Create(""), Now = _time.Now() });
            return DomainOf(publisher, (await FindAsync(sql, publisher, domain))!, seesAll: true);
        }, cancellationToken);
    }

    /// <summary>Looks for the proof. Why it was not found is not told: it would say what the server can reach.</summary>
    public async Task<Answer<PublisherDomain>> CheckAsync(Caller caller, string publisher, string domain, CancellationToken cancellationToken)
    {
        var begun = await _database.TryWriteAsync<Row>(async sql =>
        {
            if (await PublisherStore.LacksRoleAsync(sql, caller, publisher, PublisherRole.Owner, TokenScope.Owner) is { } refusal) return refusal;
            if (await FindAsync(sql, publisher, domain) is not { } found) return NoDomain;
            var wait = found.Checked + (long)_limits.DomainCheckInterval.TotalMilliseconds - _time.Now();
            if (wait > 0) return new Refusal(ProblemTypes.RateLimited, $"`{domain}` was looked at just now") { RetryAfter = TimeSpan.FromMilliseconds(wait) };
            await sql.ExecuteAsync("UPDATE publisher_domains SET checked = @Now WHERE publisher = @publisher AND domain = @domain", new { publisher, domain, Now = _time.Now() });
            return found;
        }, cancellationToken);
        if (!begun.TryGet(out var row, out var why)) return why;
        var isThere = await HasProofAsync(domain, ProofOf(publisher, row.Proof), cancellationToken);
        return await _database.WriteAsync<Answer<PublisherDomain>>(async sql =>
        {
            // One that was there and is not any more ends at once.
            sql.MarkListing();
            var verified = isThere ? _time.Now() : (long?)null;
            if (await sql.ExecuteAsync("UPDATE publisher_domains SET verified = @verified WHERE publisher = @publisher AND domain = @domain AND proof = @Proof", new { publisher, domain, row.Proof, verified }) == 0) return NoDomain;
            await AuditTrail.AddAsync(sql, _time, caller.Name, "publisher.domain", $"{publisher}/{domain}", isThere ? "verified" : "not verified");
            return isThere
                ? DomainOf(publisher, row with { Verified = verified }, seesAll: true)
                : new Refusal(ProblemTypes.WrongState, $"the proof was not found at {_options.Outgoing.ProofOf(domain)}") { Hint = "the file has to have the line, be public, and not be behind a redirect" };
        }, cancellationToken);
    }

    public Task<Answer<PublisherDomain>> RemoveAsync(Caller caller, string publisher, string domain, CancellationToken cancellationToken) => _database.TryWriteAsync<PublisherDomain>(async sql =>
    {
        if (await PublisherStore.LacksRoleAsync(sql, caller, publisher, PublisherRole.Owner, TokenScope.Owner) is { } refusal) return refusal;
        if (await FindAsync(sql, publisher, domain) is not { } row) return NoDomain;
        await sql.ExecuteAsync("DELETE FROM publisher_domains WHERE publisher = @publisher AND domain = @domain", new { publisher, domain });
        sql.MarkListing();
        await AuditTrail.AddAsync(sql, _time, caller.Name, "publisher.domain", $"{publisher}/{domain}", "removed");
        return DomainOf(publisher, row, seesAll: true);
    }, cancellationToken);

    public void Dispose() => _http.Dispose();

    /// <summary>Whether a text is the name of a host of the internet, as it stands in an address; no address, and no port.</summary>
    internal static bool IsDomain(string text) =>
        text.Length <= MaxDomainChars && text.Split('.') is { Length: > 1 } labels && !labels[^1].All(char.IsAsciiDigit)
        && labels.All(label => label.Length is > 0 and <= MaxLabelChars && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));

    private static Refusal NoDomain => Refusal.NotFound("domain of this publisher with this name");

    private static string ProofOf(string publisher, string proof) => $"lazyoc-publisher={publisher}:{proof}";

    private static Task<Row?> FindAsync(Sql sql, string publisher, string domain) =>
        sql.FirstAsync<Row>("SELECT domain, proof, checked, verified FROM publisher_domains WHERE publisher = @publisher AND domain = @domain", new { publisher, domain });

    private async Task<bool> HasProofAsync(string domain, string proof, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(_options.Outgoing.ProofOf(domain), cancellationToken);
            if (response.StatusCode != System.Net.HttpStatusCode.OK) return false;
            return Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)).Split('\n').Any(line => line.Trim() == proof);
        }
        catch (Exception error) when (error is HttpRequestException or System.Net.Sockets.SocketException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // It is not there as far as this server can tell, which is all that is said.
            return false;
        }
    }

    private PublisherDomain DomainOf(string publisher, Row row, bool seesAll) => new()
    {
        Domain = row.Domain,
        Verified = Stored.Time(row.Verified),
        IsVerified = row.Verified is { } at && at + (long)_limits.DomainProofTime.TotalMilliseconds > _time.Now(),
        Proof = seesAll ? ProofOf(publisher, row.Proof) : null,
        ProofUrl = _options.Outgoing.ProofOf(row.Domain),
    };

    private sealed record Row
    {
        public string Domain { get; init; } = "";

        public string Proof { get; init; } = "";

        public long Checked { get; init; }

        public long? Verified { get; init; }
    }
}
