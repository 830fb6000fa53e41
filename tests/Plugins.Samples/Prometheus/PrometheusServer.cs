using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace LazyOC.Plugins.Samples.Tests.Prometheus;

/// <summary>A real Prometheus on a port of its own, with a folder that goes when the test ends.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private const int Attempts = 200;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lazyoc-prometheus-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private Process? _process;

    private PrometheusServer(int port) => Url = new Uri($"http://127.0.0.1:{port}/");

    public Uri Url { get; }

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="scrape">An address to scrape; none when null.</param>
    /// <param name="history">Samples in the OpenMetrics format, with times, that it has from the beginning.</param>
    public static async Task<PrometheusServer> StartAsync(string? scrape = null, string? history = null)
    {
        var server = new PrometheusServer(FreePort());
        var data = Path.Combine(server._folder.FullName, "data");
        if (history is not null)
        {
            var file = Path.Combine(server._folder.FullName, "history.txt");
            await File.WriteAllTextAsync(file, history);
            using var promtool = Run("promtool", "tsdb", "create-blocks-from", "openmetrics", file, data);
            var output = promtool.StandardOutput.ReadToEndAsync();
            var said = await promtool.StandardError.ReadToEndAsync();
            await promtool.WaitForExitAsync();
            Assert.True(promtool.ExitCode == 0, said + await output);
        }
        var configuration = Path.Combine(server._folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, scrape is null ? "scrape_configs: []\n" : $"""
            global: {"{"} scrape_interval: 200ms, scrape_timeout: 200ms {"}"}
            scrape_configs:
            - job_name: lazyoc
              static_configs: [{"{"} targets: ["{scrape}"] {"}"}]

            """);
        server._process = Run("prometheus", $"--config.file={configuration}", $"--storage.tsdb.path={data}", $"--web.listen-address={server.Url.Authority}", "--storage.tsdb.retention.time=10y", "--log.level=error");
        _ = server._process.StandardOutput.ReadToEndAsync();
        _ = server._process.StandardError.ReadToEndAsync();
        await server.UntilAsync(async () =>
        {
            Assert.False(server._process.HasExited, "Prometheus has ended");
            using var answer = await server._client.GetAsync(new Uri(server.Url, "-/ready"));
            return answer.IsSuccessStatusCode;
        });
        return server;
    }

    /// <summary>Values of an instant query by the labels joined with commas, without those that scraping adds.</summary>
    public async Task<Dictionary<string, double>> QueryAsync(string query)
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync(new Uri(Url, $"api/v1/query?query={Uri.EscapeDataString(query)}")));
        return document.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().ToDictionary(
            series => string.Join(',', series.GetProperty("metric").EnumerateObject().Where(label => label.Name is not ("__name__" or "instance" or "job")).Select(label => label.Value.GetString())),
            series => double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));
    }

    /// <summary>Why its one target cannot be scraped; empty when it can, and null while nobody has tried.</summary>
    public async Task<string?> ScrapeErrorAsync()
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync(new Uri(Url, "api/v1/targets")));
        var targets = document.RootElement.GetProperty("data").GetProperty("activeTargets");
        if (targets.GetArrayLength() == 0 || targets[0].GetProperty("health").GetString() == "unknown") return null;
        return targets[0].GetProperty("lastError").GetString();
    }

    /// <summary>Asks again and again until something is so.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds)
    {
        Exception? last = null;
        for (var i = 0; i < Attempts; i++)
        {
            try
            {
                if (await holds()) return;
            }
            catch (HttpRequestException e)
            {
                last = e;
            }
            await Task.Delay(100);
        }
        Assert.Fail($"not reached: {last?.Message}");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited) _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Process Run(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardOutputEncoding = Encoding.UTF8,
        UseShellExecute = false,
    }) ?? throw new InvalidOperationException($"{program} did not start");
}
