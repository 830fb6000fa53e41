using System.Text;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Simulator;
using LazyOC.Cluster.Tests.Peer;

namespace LazyOC.Cluster.Tests.Simulated;

/// <summary>Commands in containers and requests to services, against a whole API server.</summary>
public sealed class PodCommandsTests : IAsyncLifetime
{
    private SimulatedCluster _cluster = null!;
    private ClusterClient _client = null!;
    private string _pod = "";

    public async Task InitializeAsync()
    {
        _cluster = await SimulatedCluster.StartAsync(new SimulatorOptions());
        _client = new ClusterClient(new ClusterOptions { Server = _cluster.Server, CertificateAuthorityPem = _cluster.CertificateAuthorityPem, Token = _cluster.Token });
        _pod = _cluster.Store.List("v1", "Pod", "bookstore").Select(p => (string)p["metadata"]!["name"]!).First(n => n.StartsWith("catalog", StringComparison.Ordinal));
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Run_Command_TellsOutputErrorsAndExitCode()
    {
        var result = await RunAsync(["sh", "-c", "echo out; echo err >&2; exit 4"]).InTime();

        Assert.Equal((4, "out\n", "err\n", false), (result.ExitCode, Text(result.Output), Text(result.Errors), result.IsTruncated));
    }

    [Fact]
    public async Task Run_InputOfManyMessages_ComesBackWhole()
    {
        var input = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000)));

        var result = await RunAsync(["cat"], input).InTime();

        Assert.Equal(input, result.Output.ToArray());
    }

    [Fact]
    public async Task Run_OutputBeyondTheLimit_IsTruncatedAndTheExitCodeKnown()
    {
        var result = await RunAsync(["cat"], new byte[50_000], maxOutputBytes: 20_000).InTime();

        Assert.Equal((0, 20_000, true), (result.ExitCode, result.Output.Length, result.IsTruncated));
    }

    [Fact]
    public async Task Run_ThatCannotBe_ThrowsWhatItIs()
    {
        await Assert.ThrowsAsync<NotFoundException>(() => _client.Commands.RunAsync("bookstore", "absent", Command(["true"])).InTime());
        var noProgram = await Assert.ThrowsAsync<InvalidRequestException>(() => RunAsync(["absent"]).InTime());
        Assert.Contains("executable file not found", noProgram.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Cancelled_Ends()
    {
        using var cancels = new CancellationTokenSource();
        var running = _client.Commands.RunAsync("bookstore", _pod, Command(["sleep", "infinity"]), cancels.Token);

        await cancels.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.InTime());
    }

    [Fact]
    public async Task Send_ErrorOfTheService_IsAnAnswerAndOfTheServerAnException()
    {
        Assert.Equal(401, (await SendAsync("catalog", "/status/401").InTime()).Status);
        Assert.Null((await SendAsync("catalog", "/bytes/2000").InTime()).Body);
        await Assert.ThrowsAsync<NotFoundException>(() => SendAsync("absent", "/").InTime());
        await Assert.ThrowsAsync<ArgumentException>(() => SendAsync("catalog", "/../../../secrets").InTime());
    }

    private Task<ServiceAnswer> SendAsync(string service, string path) =>
        _client.Services.SendAsync(new ServiceRequest { Namespace = "bookstore", Service = service, Port = "http", Method = HttpMethod.Get, Path = path, MaxAnswerBytes = 1_000 });

    private Task<PodCommandResult> RunAsync(string[] words, byte[]? input = null, int maxOutputBytes = 1 << 20) =>
        _client.Commands.RunAsync("bookstore", _pod, Command(words, input, maxOutputBytes));

    private static PodCommand Command(string[] words, byte[]? input = null, int maxOutputBytes = 1 << 20) =>
        new() { Arguments = [.. words], Input = input is null ? null : new ReadOnlyMemory<byte>(input), MaxOutputBytes = maxOutputBytes };

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
