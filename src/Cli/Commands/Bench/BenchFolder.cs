namespace LazyOC.Cli.Commands.Bench;

/// <summary>Finds what benchmarks bring along, in <c>bench/</c> above the program.</summary>
internal static class BenchFolder
{
    /// <summary>The folder <c>bench/NAME</c>, or null where the program is not in a checkout.</summary>
    public static string? Find(string name)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var directory = Path.Combine(at.FullName, "bench", name);
            if (Directory.Exists(directory)) return directory;
        }

        return null;
    }

    /// <summary>The same, for what cannot do without.</summary>
    public static string Require(string name) => Find(name)
        ?? throw new UserError(ExitCode.Failed, $"`bench/{name}` is not above the program", "run it in a checkout, as ./lazyoc");
}
