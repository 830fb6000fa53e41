using System.Threading.RateLimiting;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Api;

/// <summary>How many requests one token or address may make; of several nodes, each lets its part of them through. Thread safe.</summary>
internal sealed class RequestLimits : IDisposable
{
    private readonly PartitionedRateLimiter<string> _api;
    private readonly PartitionedRateLimiter<string> _files;
    private readonly PartitionedRateLimiter<string> _publishes;

    public RequestLimits(MarketLimits limits, MarketOptions options)
    {
        _api = Create(PartOf(limits.ApiRequestsPerMinute, options), TimeSpan.FromMinutes(1));
        _files = Create(PartOf(limits.FileRequestsPerMinute, options), TimeSpan.FromMinutes(1));
        _publishes = Create(PartOf(limits.PublishesPerHour, options), TimeSpan.FromHours(1));
    }

    /// <summary>Counts a request, before anything is done for it; null, or the refusal of one too many.</summary>
    public Refusal? TakeByAddress(HttpContext context) => Take(IsApi(context) ? _api : _files, AddressOf(context));

    /// <summary>Counts a request of somebody who is known.</summary>
    public Refusal? TakeByToken(HttpContext context) => context.Caller()?.Token is { } token && IsApi(context) ? Take(_api, token.Id) : null;

    /// <summary>Counts a publish of an account's.</summary>
    public Refusal? TakePublish(Caller caller) => Take(_publishes, caller.AccountId);

    /// <summary>Where a request comes from. An IPv6 user has a whole network to himself: its first 64 bits count.</summary>
    public static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return bytes.Length == 16 ? Convert.ToHexString(bytes.AsSpan(0, 8)) : address.ToString();
    }

    public void Dispose()
    {
        _api.Dispose();
        _files.Dispose();
        _publishes.Dispose();
    }

    /// <summary>What of a limit is one node's.</summary>
    internal static int PartOf(int limit, MarketOptions options) => Math.Max(1, limit / options.Nodes);

    /// <summary>A window that slides in sixths.</summary>
    internal static PartitionedRateLimiter<string> Create(int permits, TimeSpan window) => PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetSlidingWindowLimiter(key, _ => new SlidingWindowRateLimiterOptions { PermitLimit = permits, Window = window, SegmentsPerWindow = 6, QueueLimit = 0 }),
        StringComparer.Ordinal);

    internal static Refusal? Take(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        if (lease.IsAcquired) return null;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > TimeSpan.Zero ? after : TimeSpan.FromSeconds(10);
        return new Refusal(ProblemTypes.RateLimited, "there were too many requests from you") { RetryAfter = wait, Hint = "come back when `Retry-After` says" };
    }

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/v1/api", StringComparison.Ordinal);
}

/// <summary>How often passwords may be tried. Thread safe.</summary>
internal sealed class SignInLimits(MarketLimits limits, MarketOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _tries = RequestLimits.Create(RequestLimits.PartOf(limits.SignInsPerTenMinutes, options), TimeSpan.FromMinutes(10));

    /// <summary>Counts a try, of an address or at a name; null, or the refusal of one too many.</summary>
    public Refusal? Take(string key) => RequestLimits.Take(_tries, key);

    public void Dispose() => _tries.Dispose();
}
