namespace LazyOC.Cli;

/// <summary>Where faults of the program's own are told: on standard error, or in a file while a screen covers the terminal.</summary>
/// <param name="directory">Where the file is.</param>
internal sealed class FaultLog(string directory)
{
    private readonly Lock _gate = new();

    public string Path { get; } = System.IO.Path.Combine(directory, "lazyoc.log");

    /// <summary>Tells standard error.</summary>
    public static void Print(string what, Exception error) => Console.Error.WriteLine($"lazyoc: a fault of LazyOC itself in {what}: {error}");

    /// <summary>Writes to the file.</summary>
    public void Write(string what, Exception error)
    {
        lock (_gate)
        {
            Directory.CreateDirectory(directory);
            File.AppendAllText(Path, $"{DateTimeOffset.UtcNow:O} a fault of LazyOC itself in {what}: {error}\n");
        }
    }
}
