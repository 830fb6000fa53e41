using System.Diagnostics;
using System.Globalization;
using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>What a call costs that does next to nothing: from the host into the guest, from the guest to the host, through a table.</summary>
internal static class CallBench
{
    public static async Task<BenchReport> RunAsync(WasmBenchOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var peers = await WasmPeers.FindAsync(needsNative: false, cancellationToken);
            var file = peers.PathOf(Path.Combine("kernels", "call.wasm"));
            var module = WasmModule.Load(await File.ReadAllBytesAsync(file, cancellationToken));
            using var plain = module.Instantiate(new WasmLinker().Define("host", "add", (int a, int b) => a + b));
            using var withCaller = module.Instantiate(new WasmLinker().Define("host", "add", (WasmInstance _, int a, int b) => a + b));
            await using var v8 = peers.HasV8 ? peers.StartV8(WasmPeers.V8, "call.mjs", file) : null;

            var add = plain.GetFunction<Func<int, int, int>>("add");
            return new BenchReport
            {
                Subject = "call",
                Peers = peers.Versions,
                Rows =
                [
                    await RowAsync("host → guest, (i32, i32) → i32", "to-guest", n => CallGuest(add, n)),
                    await RowAsync("guest → host, (i32, i32) → i32", "to-host", plain.GetFunction<Func<int, int>>("callHost")),
                    await RowAsync("guest → host, with the calling instance", null, withCaller.GetFunction<Func<int, int>>("callHost")),
                    await RowAsync("guest → guest, through a table", "through-table", plain.GetFunction<Func<int, int>>("callTable")),
                ],
                Missing = peers.Missing,
            };

            async Task<BenchRow> RowAsync(string name, string? direction, Func<int, int> call)
            {
                List<Side> sides = [Side.OfEngine(Side.Ours, size => Timed(call, size))];
                if (v8 is not null && direction is not null)
                    sides.Add(new(WasmPeers.V8, (size, token) => v8.AskAsync(string.Create(CultureInfo.InvariantCulture, $"{direction} {size}"), token)));
                return SideBySide.Row(name, "ns", options.Calls, await SideBySide.MeasureAsync(name, sides, options.Calls, options, cancellationToken));
            }
        }
        finally
        {
            Progress.Clear();
        }
    }

    private static int CallGuest(Func<int, int, int> add, int count)
    {
        var sum = 0;
        for (var i = 0; i < count; i++) sum = add(sum, i);
        return sum;
    }

    private static Lap Timed(Func<int, int> call, int size)
    {
        var started = Stopwatch.GetTimestamp();
        var result = call(size);
        return new Lap(Stopwatch.GetElapsedTime(started).TotalNanoseconds, result.ToString(CultureInfo.InvariantCulture));
    }
}
