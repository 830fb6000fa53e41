using System.ComponentModel;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Testing.Running;

namespace LazyOC.Cli.Commands.Plugin.Test;

/// <summary>The tests in a plugin's directory: <c>tests/**/*.test.ts</c>, bundled by the esbuild that builds the plugin; <c>.test.tsx</c> and <c>.test.js</c> as well.</summary>
internal sealed class TestSource(string directory)
{
    /// <summary>Name of the folder of golden files, in the folder of tests.</summary>
    public const string GoldenFolder = "goldens";

    private const string Folder = "tests";
    private const string InlineMap = "//# sourceMappingURL=data:application/json;base64,";

    private static readonly string[] Endings = [".test.ts", ".test.tsx", ".test.js"];

    /// <exception cref="UserError">There are none.</exception>
    public void CheckThere()
    {
        if (Files().Length == 0) throw new UserError(ExitCode.NotFound, $"there are no tests in {Path.Combine(directory, Folder)}", "write `tests/plugin.test.ts`; `lazyoc plugin new` makes a plugin that has one to look at");
    }

    /// <summary>Bundles all tests to one module.</summary>
    /// <exception cref="UserError">esbuild is not there, or finds a mistake.</exception>
    public async Task<TestBundle> BundleAsync(CancellationToken cancellationToken)
    {
        var entry = string.Concat(Files().Select(file => $"import \"./{file}\";\n"));
        ChildResult bundled;
        try
        {
            bundled = await ChildProcess.RunAsync(
                Bundler(), ["--bundle", "--format=esm", "--target=es2023", "--sourcemap=inline", "--log-level=warning", "--loader=ts", "--sourcefile=tests.ts"],
                NodeTool.Plain, directory, entry, cancellationToken);
        }
        catch (Win32Exception error)
        {
            throw new UserError(ExitCode.Failed, $"esbuild, which bundles the tests, cannot be started: {error.Message}", "install Node.js 20 or newer (https://nodejs.org)", error) { Help = HelpPage.Npm };
        }
        if (bundled.ExitCode != 0) throw new UserError(ExitCode.Failed, $"the tests cannot be bundled\n{bundled.Error}".TrimEnd(), "mend what is named; tests can import the plugin's own files and `@lazyoc/plugin/testing`");
        var at = bundled.Output.LastIndexOf(InlineMap, StringComparison.Ordinal);
        return new TestBundle
        {
            Code = Encoding.UTF8.GetBytes(at < 0 ? bundled.Output : bundled.Output[..at]),
            SourceMap = at < 0 ? null : Convert.FromBase64String(bundled.Output[(at + InlineMap.Length)..].Trim()),
            Goldens = Path.Combine(directory, Folder, GoldenFolder),
        };
    }

    private string[] Files()
    {
        var folder = Path.Combine(directory, Folder);
        if (!Directory.Exists(folder)) return [];
        return
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
                .Select(file => Path.GetRelativePath(directory, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
        ];
    }

    private string Bundler() => NodeTool.Find(directory, "esbuild")
        ?? throw new UserError(ExitCode.Failed, $"esbuild, which bundles the tests, is not installed in {directory}", $"run `npm install` in {directory}; it needs Node.js 20 or newer") { Help = HelpPage.Npm };
}
