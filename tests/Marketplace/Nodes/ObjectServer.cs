using System.Diagnostics;
using System.Globalization;
using LazyOC.Repository.Tests;

namespace LazyOC.Marketplace.Tests.Nodes;

/// <summary>An object storage that speaks S3, which the tests of this process share (npm's <c>s3rver</c>), over a folder that goes away with it.</summary>
internal sealed class ObjectServer
{
    private const string Bucket = "market-packages";

    /// <summary>The one key that it knows, and its secret.</summary>
    private const string Key = "S3RVER";

    private static readonly Lazy<Task<ObjectServer>> Shared = new(StartAsync);

    private readonly Uri _url;
    private int _prefixes;

    private ObjectServer(Uri url) => _url = url;

    public static Task<ObjectServer> SharedAsync() => Shared.Value;

    /// <summary>An address below which nothing is.</summary>
    public string Create() => string.Create(CultureInfo.InvariantCulture, $"s3://{Bucket}/tests/{Interlocked.Increment(ref _prefixes)}?endpoint={Uri.EscapeDataString(_url.ToString())}&region=eu-central-1");

    private static async Task<ObjectServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lazyoc-objects-").FullName;
        var program = Path.Combine(RepositoryRoot.Path, "tests", "Marketplace", "peers", "node_modules", "s3rver", "bin", "s3rver.js");
        // The servers of this process and those that it starts take them from there.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", Key);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", Key);
        var process = Process.Start(new ProcessStartInfo("node", [program, "-d", folder, "-a", "127.0.0.1", "-p", "0", "--silent", "--no-vhost-buckets", "--configure-bucket", Bucket]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            process.Kill();
            process.WaitForExit();
            Directory.Delete(folder, recursive: true);
        };
        const string Listening = "S3rver listening on ";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (line.StartsWith(Listening, StringComparison.Ordinal)) return new ObjectServer(new Uri("http://" + line[Listening.Length..]));
        throw new InvalidOperationException($"s3rver ended with {process.ExitCode}");
    }
}
