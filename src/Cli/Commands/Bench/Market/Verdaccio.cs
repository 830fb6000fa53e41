using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LazyOC.Cli.Commands.Bench.Guests;

namespace LazyOC.Cli.Commands.Bench.Market;

/// <summary>The npm registry verdaccio, which lies in <c>bench/verdaccio</c>, over a storage with as many packages. Disposing ends it.</summary>
internal sealed class Verdaccio : IAsyncDisposable
{
    public const string Name = "verdaccio";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    /// <summary>The storage outlasts a server, so every one publishes under names of its own.</summary>
    private readonly string _suffix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    private int _published;

    private Verdaccio(Process process, Uri root) => (_process, Load) = (process, new LoadClient(root, [process.Id]));

    public LoadClient Load { get; }

    /// <summary>Its folder with what it needs from npm; null, with why, where it cannot be run.</summary>
    public static async Task<(string? Folder, string? Problem)> FindAsync(CancellationToken cancellationToken)
    {
        if (BenchFolder.Find(Name) is not { } folder) return (null, $"{Name}: bench/{Name} is not above the program");
        try
        {
            return await Peers.RestoreAsync(folder, cancellationToken) ? (folder, null) : (null, $"{Name}: npm could not restore it");
        }
        catch (Win32Exception error)
        {
            return (null, $"{Name}: {error.Message}");
        }
    }

    /// <summary>Its version.</summary>
    public static async Task<string> VersionAsync(string folder, CancellationToken cancellationToken) =>
        (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "node_modules", Name, "package.json"), cancellationToken))!["version"]!;

    /// <summary>Writes packages into its storage, as it would itself, until there are so many.</summary>
    public static async Task FillAsync(string data, int packages, CancellationToken cancellationToken)
    {
        var storage = Directory.CreateDirectory(Path.Combine(data, "storage")).FullName;
        var names = Enumerable.Range(0, packages).Select(NameOf).ToArray();
        for (var i = 0; i < packages; i++)
        {
            var folder = Path.Combine(storage, names[i]);
            if (Directory.Exists(folder)) continue;
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), Packument(i, names[i]).ToJsonString(), cancellationToken);
        }
        var list = new JsonObject { ["list"] = new JsonArray([.. names.Select(name => (JsonNode)name)]), ["secret"] = "0123456789abcdef0123456789abcdef" };
        await File.WriteAllTextAsync(Path.Combine(storage, ".verdaccio-db.json"), list.ToJsonString(), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(data, "config.yaml"), $$"""
            storage: {{storage}}
            auth:
              htpasswd:
                file: {{Path.Combine(data, "htpasswd")}}
            packages:
              '**':
                access: $all
                publish: $all
            max_body_size: 100mb
            web:
              enable: false
            log: { type: stdout, format: json, level: fatal }
            """, cancellationToken);
    }

    public static async Task<Verdaccio> StartAsync(string folder, string data, CancellationToken cancellationToken)
    {
        var root = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}/");
        var start = new ProcessStartInfo("node", ["--no-warnings", Path.Combine("node_modules", Name, "bin", Name), "--config", Path.Combine(data, "config.yaml"), "--listen", root.Authority])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var peer = new Verdaccio(process, root);
        try
        {
            await peer.WaitAsync(root, cancellationToken);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Paths of what npm reads of a package to resolve it.</summary>
    public static string[] Packuments(int count) => [.. Enumerable.Range(0, count).Select(NameOf)];

    /// <summary>Publishes a package with much in it; where it is downloaded from.</summary>
    public async Task<string> OfferPackageAsync(CancellationToken cancellationToken)
    {
        var name = $"large-{_suffix}";
        var version = await PublishAsync(name, RandomNumberGenerator.GetBytes(FullMarket.PackageBytes), cancellationToken);
        return $"{name}/-/{name}-{version}.tgz";
    }

    /// <summary>Publishes as fast as it takes them in, two at a time; how many a second.</summary>
    public async Task<double> PublishManyAsync(int count, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        // A package each: verdaccio refuses two versions of one at a time.
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (i, token) =>
            await PublishAsync(string.Create(CultureInfo.InvariantCulture, $"small-{_suffix}-{Interlocked.Increment(ref _published)}"), Encoding.UTF8.GetBytes("a small package"), token));
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        Load.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<string> PublishAsync(string name, byte[] tarball, CancellationToken cancellationToken)
    {
        var version = $"1.{Interlocked.Increment(ref _published).ToString(CultureInfo.InvariantCulture)}.0";
        var file = $"{name}-{version}.tgz";
        using var content = JsonContent.Create(new JsonObject
        {
            ["_id"] = name,
            ["name"] = name,
            ["dist-tags"] = new JsonObject { ["latest"] = version },
            ["versions"] = new JsonObject { [version] = Version(name, version, Convert.ToHexStringLower(Sha1(tarball)), "", [], new Uri(Load.Root, $"{name}/-/{file}").AbsoluteUri) },
            ["_attachments"] = new JsonObject { [file] = new JsonObject { ["content_type"] = "application/octet-stream", ["data"] = Convert.ToBase64String(tarball), ["length"] = tarball.Length } },
        });
        await Load.PutAsync(name, content, cancellationToken);
        return version;
    }

    private async Task WaitAsync(Uri root, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = root };
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if ((await http.GetAsync(new Uri("-/ping", UriKind.Relative), cancellationToken)).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) when (!_process.HasExited && Stopwatch.GetElapsedTime(started) < Patience)
            {
                // It does not listen yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private static string NameOf(int number)
    {
        var random = new Random(number);
        return string.Create(CultureInfo.InvariantCulture, $"{BenchWords.Pick(random)}-{BenchWords.Pick(random)}-{number}");
    }

    private static JsonObject Packument(int number, string name)
    {
        var random = new Random(number);
        var versions = new JsonObject();
        var (times, latest) = (new JsonObject(), "");
        for (var minor = 0; minor < 1 + (number % 3); minor++)
        {
            latest = $"1.{minor.ToString(CultureInfo.InvariantCulture)}.0";
            var sum = Convert.ToHexStringLower(Sha1(Encoding.UTF8.GetBytes(name + latest)));
            versions[latest] = Version(name, latest, sum, string.Join(' ', Enumerable.Range(0, 9).Select(_ => BenchWords.Pick(random))), [BenchWords.Pick(random), BenchWords.Pick(random)], $"http://localhost/{name}/-/{name}-{latest}.tgz");
            times[latest] = "2026-01-01T00:00:00.000Z";
        }
        return new JsonObject
        {
            ["name"] = name,
            ["versions"] = versions,
            ["time"] = times,
            ["users"] = new JsonObject(),
            ["dist-tags"] = new JsonObject { ["latest"] = latest },
            ["_uplinks"] = new JsonObject(),
            ["_distfiles"] = new JsonObject(),
            ["_attachments"] = new JsonObject(),
            ["_rev"] = "1-0",
            ["_id"] = name,
            ["readme"] = string.Join(' ', Enumerable.Range(0, 150).Select(_ => BenchWords.Pick(random))),
        };
    }

    private static JsonObject Version(string name, string version, string sum, string description, string[] keywords, string tarball) => new()
    {
        ["name"] = name,
        ["version"] = version,
        ["description"] = description,
        ["keywords"] = new JsonArray([.. keywords.Select(keyword => (JsonNode)keyword)]),
        ["license"] = "Apache-2.0",
        ["main"] = "index.js",
        ["_id"] = $"{name}@{version}",
        ["dist"] = new JsonObject { ["shasum"] = sum, ["tarball"] = tarball },
    };

    /// <summary>The sum that npm's documents have; nothing is protected by it.</summary>
#pragma warning disable CA5350 // npm's format
    private static byte[] Sha1(byte[] bytes) => SHA1.HashData(bytes);
#pragma warning restore CA5350

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The words that both sides' packages are made of and that are searched for.</summary>
internal static class BenchWords
{
    /// <summary>In many packages.</summary>
    public static readonly string[] Common = ["pod", "log", "node", "cost", "quota", "secret", "route", "image", "build", "event", "metric", "volume", "policy", "network", "health", "backup"];

    /// <summary>In few.</summary>
    public static readonly string[] Rare = ["balana", "demeris", "finitel", "gorola", "husunor", "katikis", "levasa", "miwenel"];

    /// <summary>Common ones with a letter too many.</summary>
    public static readonly string[] Mistyped = ["quotta", "secrret", "volumme", "networkk", "healtth", "bakcup", "metricc", "poliicy"];

    public static string Pick(Random random) => random.Next(3) < 2 ? Common[random.Next(Common.Length)] : Rare[random.Next(Rare.Length)];
}
