using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Makes the server unreliable on purpose (scenario <c>flaky</c>): dropped connections, 429, 410 and slow answers, by a seeded die.</summary>
internal sealed class Faults(int seed)
{
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(750);

    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();

    /// <summary>False when the request has been dropped.</summary>
    /// <exception cref="ApiException">The request is refused.</exception>
    public async Task<bool> PassAsync(HttpContext http, string verb)
    {
        int die;
        lock (_gate)
            die = _random.Next(100);
        switch (die)
        {
            case < 5:
                http.Abort();
                return false;
            case < 12:
                throw ApiException.TooManyRequests("the server has received too many requests and has asked us to try again later", retryAfterSeconds: 1);
            case < 17 when verb is "list" or "watch" && (http.Request.Query.ContainsKey("continue") || verb is "watch"):
                throw ApiException.Expired("The resourceVersion for the provided request is too old.");
            case < 30:
                await Task.Delay(Slowness, http.RequestAborted);
                return true;
            default:
                return true;
        }
    }
}
