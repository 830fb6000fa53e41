using System.Text;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Simulator;
using LazyOC.Cluster.Tests.Peer;

namespace LazyOC.Cluster.Tests.Simulated;

/// <summary>A cluster that is reached over a socket of the file system, where there is no network.</summary>
public sealed class SocketTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lazyoc-socket-");
    private SimulatedCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { Socket = Path.Combine(_folder.FullName, "cluster") });

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Client_OverASocket_ListsAndRunsCommands()
    {
        await using var client = Client("cluster");
        var pods = (await client.Discovery.GetAsync().InTime()).Resolve("pods")!;

        using var page = await client.Resources.ListAsync(pods, "bookstore").InTime();
        var name = page.Items.First().GetProperty("metadata").GetProperty("name").GetString()!;
        var result = await client.Commands.RunAsync("bookstore", name, new PodCommand { Arguments = ["echo", "over a socket"], MaxOutputBytes = 1 << 10 }).InTime();

        Assert.Equal("over a socket\n", Encoding.UTF8.GetString(result.Output.Span));
    }

    [Fact]
    public async Task Client_OverASocketThatIsNotThere_SaysThatTheServerIsUnreachable()
    {
        await using var client = Client("nothing");

        await Assert.ThrowsAsync<UnreachableException>(() => client.Discovery.GetAsync().InTime());
    }

    private ClusterClient Client(string socket) => new(new ClusterOptions
    {
        Server = _cluster.Server,
        Socket = Path.Combine(_folder.FullName, socket),
        CertificateAuthorityPem = _cluster.CertificateAuthorityPem,
        Token = _cluster.Token,
    });
}
