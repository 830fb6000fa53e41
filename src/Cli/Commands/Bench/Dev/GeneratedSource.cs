using System.Globalization;
using System.Text;

namespace LazyOC.Cli.Commands.Bench.Dev;

/// <summary>A plugin in TypeScript whose page shows what many files say, each of them of an ordinary length.</summary>
internal static class GeneratedSource
{
    public const string Id = "acme.bench";
    public const string Page = "acme.bench.page";

    /// <summary>What the template's build script is, without its names.</summary>
    public const string Build = "tsc --noEmit && esbuild src/plugin.ts --bundle --format=esm --target=es2023 --sourcemap --outfile=dist/plugin.js --metafile=dist/meta.json --log-level=warning";

    /// <summary>Functions in each file besides the one that is called.</summary>
    private const int Functions = 12;

    /// <param name="directory">Where to.</param>
    /// <param name="files">How many files of TypeScript, that with <c>definePlugin</c> among them.</param>
    /// <param name="modules">The <c>node_modules</c> with esbuild, tsc and the SDK.</param>
    public static void Write(string directory, int files, string modules)
    {
        Directory.CreateDirectory(Path.Combine(directory, "src"));
        Directory.CreateSymbolicLink(Path.Combine(directory, "node_modules"), modules);
        File.WriteAllText(Path.Combine(directory, "package.json"), $$"""{"private":true,"type":"module","scripts":{"build":"{{Build}}"} }""");
        File.WriteAllText(Path.Combine(directory, "tsconfig.json"), """{"extends":"@lazyoc/plugin/tsconfig.json","include":["src"]}""");
        File.WriteAllText(
            Path.Combine(directory, "plugin.json"),
            $$"""{"manifestVersion":1,"id":"{{Id}}","version":"1.0.0","displayName":"Bench","license":"Apache-2.0","engines":{"lazyoc":"^1.0"},"main":"dist/plugin.js","activation":["onPage:{{Page}}"],"contributes":{"pages":[{"id":"{{Page}}","title":"Bench"}]} }""");
        var parts = Enumerable.Range(0, files - 1).ToArray();
        var plugin = new StringBuilder("import { definePlugin, text } from \"@lazyoc/plugin\";\n");
        foreach (var part in parts) plugin.Append(CultureInfo.InvariantCulture, $"import {{ say{part} }} from \"./{NameOf(part)}.js\";\n");
        plugin.Append(CultureInfo.InvariantCulture, $"\ndefinePlugin({{ pages: {{ \"{Page}\": () => text([{string.Join(", ", parts.Select(part => $"say{part}()"))}].join(\" \")) }} }});\n");
        File.WriteAllText(Path.Combine(directory, "src", "plugin.ts"), plugin.ToString());
        foreach (var part in parts) Edit(directory, part, 0);
    }

    /// <summary>Saves one of the files as it is after so many edits; the page then shows <see cref="Word"/>.</summary>
    public static void Edit(string directory, int part, int edit)
    {
        var text = new StringBuilder();
        for (var function = 0; function < Functions; function++)
            text.Append(CultureInfo.InvariantCulture, $$"""
                /** Adds what it is given, and a little. */
                export function sum{{part}}x{{function}}(values: readonly number[], more: { by: number; times?: number } = { by: {{function}} }): number {
                  let sum = 0;
                  for (const value of values) sum += value * (more.times ?? 1) + more.by;
                  return sum;
                }


                """);
        text.Append(CultureInfo.InvariantCulture, $"export const say{part} = (): string => \"{Word(part, edit)}\" + sum{part}x0([]);\n");
        File.WriteAllText(Path.Combine(directory, "src", NameOf(part) + ".ts"), text.ToString());
    }

    public static string Word(int part, int edit) => string.Create(CultureInfo.InvariantCulture, $"part{part}-edit{edit}-");

    private static string NameOf(int part) => string.Create(CultureInfo.InvariantCulture, $"part{part}");
}
