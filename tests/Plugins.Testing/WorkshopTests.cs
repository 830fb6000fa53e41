using System.Diagnostics;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Testing.Running;

namespace LazyOC.Plugins.Testing.Tests;

/// <summary>The labs of docs/workshop: the check of each passes on our solution and fails on what one starts from. All are built at once.</summary>
public sealed class WorkshopTests : IClassFixture<WorkshopTests.Bundles>
{
    private readonly Bundles _bundles;

    public WorkshopTests(Bundles bundles) => _bundles = bundles;

    public static TheoryData<string> Labs => new(Directory.GetDirectories(Bundles.Workshop).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Labs_AreSixAndOfTheRightTypes()
    {
        Assert.Equal(6, Directory.GetDirectories(Bundles.Workshop).Length);
        await Bundles.RunAsync("node", [Path.Combine(Bundles.Root, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--project", Path.Combine(Bundles.Workshop, "tsconfig.json")]);
    }

    [Theory]
    [MemberData(nameof(Labs))]
    public async Task Check_OfALab_PassesOnTheSolutionAndFailsOnTheStart(string lab)
    {
        var solved = await CheckAsync(lab, "solution");
        Assert.All(solved.Tests, test => Assert.True(test.Passed, $"{test.Name}: {test.Failure?.Message}"));
        Assert.Empty(solved.Undriven);

        var begun = await CheckAsync(lab, "start");
        Assert.Equal(solved.Tests.Select(test => test.Name), begun.Tests.Select(test => test.Name));
        Assert.Contains(begun.Tests, test => !test.Passed);
    }

    private async Task<TestReport> CheckAsync(string lab, string state)
    {
        var plugin = Path.Combine(_bundles.Folder, lab, state);
        File.Copy(Path.Combine(Bundles.Workshop, lab, state, "plugin.json"), Path.Combine(plugin, "plugin.json"));
        Assert.True(PluginHarness.Open(plugin).TryGet(out var package, out var problems), Problem.Join(problems));
        return await PluginTests.RunAsync(package, new TestBundle { Code = File.ReadAllBytes(Path.Combine(_bundles.Folder, lab, "tests", "check.test.js")), Goldens = Path.Combine(plugin, "goldens") });
    }

    /// <summary>The code of all labs, as esbuild bundles it in one run.</summary>
    public sealed class Bundles : IAsyncLifetime
    {
        public static string Root { get; } = FindRoot();

        public static string Workshop { get; } = Path.Combine(Root, "docs", "workshop");

        public string Folder { get; } = Directory.CreateTempSubdirectory("lazyoc-workshop-").FullName;

        public async Task InitializeAsync()
        {
            var esbuild = Path.Combine(Root, "node_modules", ".bin", "esbuild");
            // LAB/STATE/src/plugin.ts becomes LAB/STATE/dist/plugin.js, a check stays where it is.
            var entries = Directory.EnumerateFiles(Workshop, "*.ts", SearchOption.AllDirectories)
                .Select(file => $"{Path.GetRelativePath(Workshop, file)[..^".ts".Length].Replace("/src/", "/dist/", StringComparison.Ordinal)}={file}");
            await RunAsync(esbuild, [.. entries, "--bundle", "--format=esm", "--target=es2023", "--log-level=warning", $"--outdir={Folder}"]);
        }

        public Task DisposeAsync()
        {
            Directory.Delete(Folder, recursive: true);
            return Task.CompletedTask;
        }

        public static async Task RunAsync(string program, IEnumerable<string> arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, output + await errors);
        }

        private static string FindRoot()
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root.FullName, "LazyOC.slnx"))) root = root.Parent!;
            return root.FullName;
        }
    }
}
