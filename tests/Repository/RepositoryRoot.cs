namespace LazyOC.Repository.Tests;

/// <summary>The folder that holds LazyOC.slnx.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "LazyOC.slnx")))
                return directory.FullName;
        throw new InvalidOperationException($"No LazyOC.slnx above {AppContext.BaseDirectory}.");
    }
}
