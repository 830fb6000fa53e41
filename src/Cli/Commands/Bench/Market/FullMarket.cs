using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using LazyOC.Cli.Commands.Market;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Commands.Bench.Market;

/// <summary>The real server in a process of its own, over records that are full of plugins. Disposing ends it.</summary>
internal sealed class FullMarket : IAsyncDisposable
{
    /// <summary>Random bytes of the package that is downloaded.</summary>
    public const int PackageBytes = 1 << 20;

    private static readonly ProductInfoHeaderValue Program = new("lazyoc-bench", "1.0");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly string _folder;
    private readonly MarketClient _author;
    private readonly string _publisher;
    private readonly SigningKey _key;
    private int _published;

    private FullMarket(Process process, Uri root, string folder, MarketClient author, string publisher, SigningKey key)
    {
        (_process, _folder, _author, _publisher, _key) = (process, folder, author, publisher, key);
        Load = new LoadClient(root, [process.Id]);
    }

    public LoadClient Load { get; }

    /// <summary>Makes plugins up until there are so many.</summary>
    public static async Task FillAsync(string folder, string? database, int plugins, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var start = MarketProgram.StartInfo(["generate", "--plugins", plugins.ToString(CultureInfo.InvariantCulture), .. Place(folder, database)]);
        var generated = await ChildProcess.RunAsync(start.FileName, start.ArgumentList, cancellationToken: cancellationToken);
        if (generated.ExitCode != 0) throw new UserError(ExitCode.Failed, $"the marketplace could not be filled: {generated.Error.Trim()}");
    }

    /// <summary>Starts the server and registers an author with a publisher and a key.</summary>
    public static async Task<FullMarket> StartAsync(string folder, string? database, CancellationToken cancellationToken)
    {
        var start = MarketProgram.StartInfo(["--port", "0", "--no-cooldown", "--no-rate-limits", .. Place(folder, database)]);
        start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellationToken);
            if (line is null || !Uri.TryCreate(line[(line.LastIndexOf(' ') + 1)..], UriKind.Absolute, out var root)) throw new UserError(ExitCode.Failed, $"the marketplace did not start: {line}");
            // What it logs is read on, or it would wait.
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var (author, publisher, key) = await AuthorAsync(root, cancellationToken);
            return new FullMarket(process, root, folder, author, publisher, key);
        }
        catch
        {
            await MarketProgram.StopAsync(process);
            process.Dispose();
            throw;
        }
    }

    /// <summary>Paths of indexes of plugins that are there, spread over all.</summary>
    public async Task<ImmutableArray<string>> IndexesAsync(int count, CancellationToken cancellationToken)
    {
        var ids = ImmutableArray.CreateBuilder<string>();
        string? cursor = null;
        do
        {
            var page = (await _author.SearchAsync(new SearchQuery { Sort = SearchSort.Installs, Cursor = cursor }, cancellationToken)).OrThrow();
            ids.AddRange(page.Plugins.Select(plugin => $"v1/index/{plugin.Id.Publisher}/{plugin.Id.ToString()[(plugin.Id.Publisher.Length + 1)..]}"));
            cursor = page.Next;
        }
        while (cursor is not null && ids.Count < count);
        return ids.ToImmutable();
    }

    /// <summary>Publishes a package with much in it; where it is downloaded from.</summary>
    public async Task<string> OfferPackageAsync(CancellationToken cancellationToken)
    {
        var package = Pack("large", PackageBytes);
        await PublishAsync(package, cancellationToken);
        await WaitForAsync([package], cancellationToken);
        return $"v1/packages/{package.Digest}.lzp";
    }

    /// <summary>Publishes as fast as the server takes them in, two at a time as one account may, and waits until all are live.</summary>
    /// <returns>How many a second were taken in, and went live.</returns>
    public async Task<(double Accepted, double Live)> PublishManyAsync(int count, CancellationToken cancellationToken)
    {
        var packages = Enumerable.Range(0, count).Select(_ => Pack("small", 0)).ToArray();
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(packages, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (package, token) => await PublishAsync(package, token));
        var accepted = Stopwatch.GetElapsedTime(started);
        await WaitForAsync(packages, cancellationToken);
        return (count / accepted.TotalSeconds, count / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        Load.Dispose();
        _author.Dispose();
        _key.Dispose();
        await MarketProgram.StopAsync(_process);
        _process.Dispose();
    }

    private static string[] Place(string folder, string? database) => database is null ? ["--data", folder] : ["--data", folder, "--database", database];

    private static async Task<(MarketClient Author, string Publisher, SigningKey Key)> AuthorAsync(Uri root, CancellationToken cancellationToken)
    {
        var (api, limits) = (new Uri(root, "v1/api"), new MarketClientLimits { AnswerTimeout = Patience, UploadTimeout = Patience });
        // The records outlast a server, so every one has an author of its own.
        var name = $"bench-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        using var stranger = new MarketClient(api, null, Program, limits);
        var session = (await stranger.RegisterAsync(new Credentials { Name = name, Password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)) }, cancellationToken)).OrThrow();
        var (author, key) = (new MarketClient(api, session.Token, Program, limits), SigningKey.Create());
        (await author.CreatePublisherAsync(new NewPublisher { Name = name }, cancellationToken)).OrThrow();
        (await author.AddKeyAsync(name, new NewAuthorKey { Key = key.PublicKey }, cancellationToken)).OrThrow();
        return (author, name, key);
    }

    /// <summary>The next version of a plugin of the author's.</summary>
    private PluginPackage Pack(string name, int dataBytes)
    {
        var source = Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;
        File.WriteAllText(
            Path.Combine(source, "plugin.json"),
            $$"""{"manifestVersion":1,"id":"{{_publisher}}.{{name}}","version":"1.{{_published++}}.0","displayName":"{{_publisher}} {{name}}","license":"Apache-2.0","engines":{"lazyoc":"^1.0"},"main":"main.js"}""");
        File.WriteAllText(Path.Combine(source, "main.js"), "lazyoc.on(\"activate\", () => null);\n");
        var data = Path.Combine(source, "data.bin");
        if (dataBytes > 0) File.WriteAllBytes(data, RandomNumberGenerator.GetBytes(dataBytes));
        var package = PackageSource.Pack(source).OrThrow(ExitCode.Failed).Package;
        Directory.Delete(source, recursive: true);
        return package;
    }

    private async Task PublishAsync(PluginPackage package, CancellationToken cancellationToken)
    {
        var signed = new PackageAttestation(PackageIdentity.Of(package), new BuildFacts { Builder = "lazyoc bench", Signed = DateTimeOffset.UtcNow }).Sign(_key);
        (await _author.PublishAsync(package.Manifest.Id, package.Manifest.Version, package.Bytes, PackageSignatures.Write([signed]), cancellationToken)).OrThrow();
    }

    private async Task WaitForAsync(PluginPackage[] packages, CancellationToken cancellationToken)
    {
        foreach (var package in packages)
        {
            Submission submission;
            while ((submission = (await _author.SubmissionAsync(package.Manifest.Id, package.Manifest.Version, cancellationToken)).OrThrow()).State is VersionState.Accepted or VersionState.Scanning)
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            if (submission.State != VersionState.Live) throw new UserError(ExitCode.Failed, $"{package.Manifest.Id} {submission.Version} is {submission.State}: {string.Join("; ", submission.Reasons)}");
        }
    }
}
