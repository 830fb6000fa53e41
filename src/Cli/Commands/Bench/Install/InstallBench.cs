using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using LazyOC.Cli.Commands.Bench.Wasm;
using LazyOC.Cli.Control;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Commands.Bench.Install;

/// <summary>
/// The command that installs a plugin of 1 MiB from a registry on this machine: resolved, downloaded, verified, unpacked and
/// running in a screen that is open. Beside it npm's command for a package with the same bytes, from the same server.
/// </summary>
internal static class InstallBench
{
    private const string Id = "acme.bench";
    private const string NpmName = "lazyoc-bench-package";
    private const int DataBytes = 1 << 20;
    private const string Code = "lazyoc.on('activate', () => null);\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<BenchReport> RunAsync(int runs, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("lazyoc-bench-");
        try
        {
            await using var server = new LoopbackFiles();
            var home = Home.Locate(name => name == "LAZYOC_HOME" ? folder.FullName : Environment.GetEnvironmentVariable(name), demo: true);
            await OfferAsync(server, home, folder.FullName, cancellationToken);
            var environment = new Dictionary<string, string> { ["LAZYOC_HOME"] = folder.FullName };
            var (alone, running, npm, missing) = (new List<double>(), new List<double>(), new List<double>(), new SortedSet<string>(StringComparer.Ordinal));
            // One round more: the first fills the file caches.
            for (var run = 0; run <= runs; run++)
            {
                alone.Add(await InstallAsync(environment, isRunning: false, cancellationToken));
                try
                {
                    npm.Add(await NpmAsync(server, Path.Combine(folder.FullName, $"npm-{run}"), cancellationToken));
                }
                catch (Win32Exception error)
                {
                    missing.Add($"npm: {error.Message}");
                }
            }
            if (StartScreen(environment) is { } screen)
            {
                using (screen)
                {
                    await WaitForScreenAsync(home, cancellationToken);
                    for (var run = 0; run <= runs; run++) running.Add(await InstallAsync(environment, isRunning: true, cancellationToken));
                    screen.Kill(entireProcessTree: true);
                    await screen.WaitForExitAsync(cancellationToken);
                }
            }
            else missing.Add("a running screen: `script` is not here");
            var peers = npm.Count > 1 ? ImmutableSortedDictionary<string, double>.Empty.Add("npm install", Median.Of(npm.Skip(1))) : ImmutableSortedDictionary<string, double>.Empty;
            return new BenchReport
            {
                Subject = "install",
                Rows =
                [
                    new BenchRow { Name = "1 MiB: verified and installed", Unit = "ms", Ours = Median.Of(alone.Skip(1)), Peers = peers },
                    .. running.Count > 0 ? [new BenchRow { Name = "1 MiB: verified, and active in a running screen", Unit = "ms", Ours = Median.Of(running.Skip(1)), Peers = peers }] : Array.Empty<BenchRow>(),
                ],
                Missing = [.. missing],
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Puts the same bytes on the server as a plugin and as an npm package, and makes the registry known.</summary>
    private static async Task OfferAsync(LoopbackFiles server, Home home, string folder, CancellationToken cancellationToken)
    {
        var data = new byte[DataBytes];
        new Random(1).NextBytes(data);
        var source = Directory.CreateDirectory(Path.Combine(folder, "source")).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "plugin.json"), $$"""{"manifestVersion":1,"id":"{{Id}}","version":"1.0.0","displayName":"Bench","engines":{"lazyoc":"^1.0"},"main":"main.js","activation":["onStartup"]}""", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(source, "main.js"), Code, cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(source, "data.bin"), data, cancellationToken);
        var package = PackageSource.Pack(source).OrThrow(ExitCode.Failed).Package;
        using var key = SigningKey.Create();
        var now = DateTimeOffset.UtcNow;
        var signed = new StaticPackage(package, [new PackageAttestation(PackageIdentity.Of(package), new BuildFacts { Builder = "lazyoc bench", Signed = now }).Sign(key)]);
        var registry = Path.Combine(folder, "registry");
        (await StaticRegistry.ExportAsync(registry, new StaticExport { Name = "Bench", Packages = [signed], Now = now }, [key], cancellationToken: cancellationToken)).OrThrow(ExitCode.Failed);
        server.AddFolder("registry", registry);
        new Registries(home, TimeProvider.System, static _ => { }).Change(list => list with { Registries = [new RegistryEntry { Name = "bench", Url = new Uri(server.Root, "registry/"), Keys = [key.PublicKey] }] });

        var tarball = Tarball(data);
        server.Add("npm/package.tgz", tarball);
        var integrity = Convert.ToBase64String(SHA512.HashData(tarball));
        server.Add($"npm/{NpmName}", Encoding.UTF8.GetBytes($$$"""
            {"name":"{{{NpmName}}}","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":{"name":"{{{NpmName}}}","version":"1.0.0","dist":{"tarball":"{{{server.Root}}}npm/package.tgz","integrity":"sha512-{{{integrity}}}"} } } }
            """));
    }

    private static byte[] Tarball(byte[] data)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            Add("package.json", Encoding.UTF8.GetBytes($$"""{"name":"{{NpmName}}","version":"1.0.0","main":"main.js"}"""));
            Add("main.js", Encoding.UTF8.GetBytes(Code));
            Add("data.bin", data);

            void Add(string name, byte[] content) => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"package/{name}") { DataStream = new MemoryStream(content) });
        }
        return bytes.ToArray();
    }

    private static async Task<double> InstallAsync(Dictionary<string, string> environment, bool isRunning, CancellationToken cancellationToken)
    {
        var installed = await LazyOcAsync("install", Id, "--yes");
        if (isRunning && !installed.Output.Contains("started 1.0.0", StringComparison.Ordinal)) throw new UserError(ExitCode.Failed, $"the screen did not start the plugin: {installed.Output}");
        await LazyOcAsync("uninstall", Id);
        // What is unpacked already would not be unpacked again.
        await LazyOcAsync("gc", "--keep", "0");
        return installed.Elapsed.TotalMilliseconds;

        async Task<ChildResult> LazyOcAsync(params string[] arguments)
        {
            var child = await ChildProcess.RunAsync(OwnProgram.Path, ["plugin", .. arguments, "--demo"], environment, cancellationToken: cancellationToken);
            return child.ExitCode == 0 ? child : throw new UserError(ExitCode.Failed, $"`lazyoc plugin {string.Join(' ', arguments)}` ended with {child.ExitCode}: {child.Error.Trim()}");
        }
    }

    private static async Task<double> NpmAsync(LoopbackFiles server, string prefix, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(prefix);
        var child = await ChildProcess.RunAsync(
            "npm",
            ["install", NpmName, "--registry", new Uri(server.Root, "npm/").AbsoluteUri, "--prefix", prefix, "--cache", Path.Combine(prefix, "cache"), "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--loglevel=error"],
            workingDirectory: prefix, cancellationToken: cancellationToken);
        if (child.ExitCode != 0 || !File.Exists(Path.Combine(prefix, "node_modules", NpmName, "data.bin"))) throw new UserError(ExitCode.Failed, $"`npm install` ended with {child.ExitCode}: {child.Error.Trim()}");
        return child.Elapsed.TotalMilliseconds;
    }

    /// <summary>A screen in a terminal of its own, which <c>script</c> gives it; null where that is not to be had.</summary>
    private static Process? StartScreen(Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("script", ["-qec", $"'{OwnProgram.Path}' --demo", "/dev/null"]) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        try
        {
            var screen = Process.Start(start);
            screen?.BeginOutputReadLine();
            return screen;
        }
        catch (Win32Exception)
        {
            // Told in the report.
            return null;
        }
    }

    private static async Task WaitForScreenAsync(Home home, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while ((await RunningInstances.AskAsync(home, new ControlRequest { Verb = ControlVerb.Status }, patience.Token)).IsEmpty) await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
    }
}
