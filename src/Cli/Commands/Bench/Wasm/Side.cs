namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>One measured piece of work: how long it took, and what came out, by which the sides are compared.</summary>
internal readonly record struct Lap(double Nanoseconds, string Result);

/// <summary>One of those who do the same work: this engine, or a peer.</summary>
/// <param name="Name">As in the report.</param>
/// <param name="RunAsync">Does the work of a size once.</param>
internal sealed record Side(string Name, Func<int, CancellationToken, Task<Lap>> RunAsync)
{
    public const string Ours = "LazyOC";

    /// <summary>This engine, on a guest thread.</summary>
    public static Side OfEngine(string name, Func<int, Lap> run) =>
        new(name, (size, _) => Task.FromResult(LazyOC.Wasm.GuestThread.Run(() => run(size))));
}
