namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>QuickJS as npm delivers it, of which the build made LazyOC.QuickJS.dll.</summary>
internal static class QuickJsFile
{
    public const string Hint = "it was not found in node_modules/quickjs-wasi above the program; a build restores it";

    public static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var file = Path.Combine(at.FullName, "node_modules", "quickjs-wasi", "quickjs.wasm");
            if (File.Exists(file)) return file;
        }

        return null;
    }
}
