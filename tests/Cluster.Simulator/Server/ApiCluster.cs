using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Tests.Server;

/// <summary>A frozen bookstore with a simulated clock, and an HTTP client that trusts its CA.</summary>
public sealed class ApiCluster : IAsyncLifetime
{
    public SimulatedCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() =>
        Cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = new SimulatedClock(), Limits = new SimulatorLimits { RequestBodyBytes = 64 * 1024 } });

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>A client of the given token; of nobody when it is null.</summary>
    internal static HttpClient Connect(SimulatedCluster cluster, string? token)
    {
        X509Certificate2 authority = X509Certificate2.CreateFromPem(cluster.CertificateAuthorityPem);
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        var client = new HttpClient(handler) { BaseAddress = cluster.Server };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    internal Task<(int Code, JsonNode Body)> SendAsync(HttpMethod method, string path, string? body = null, string contentType = "application/json", bool asDeveloper = false, string? accept = null) =>
        SendAsync(Cluster, method, path, body, contentType, asDeveloper, accept);

    internal static async Task<(int Code, JsonNode Body)> SendAsync(SimulatedCluster cluster, HttpMethod method, string path, string? body = null, string contentType = "application/json", bool asDeveloper = false, string? accept = null)
    {
        using HttpClient client = Connect(cluster, asDeveloper ? cluster.DeveloperToken : cluster.Token);
        using var request = new HttpRequestMessage(method, path);
        // A server that refuses a large body before it has come closes the connection while it is being sent.
        request.Headers.ExpectContinue = body is { Length: > 32 * 1024 };
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
