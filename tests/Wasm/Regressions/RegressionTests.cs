using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Fuzz.Wasm.Execution;
using LazyOC.Wasm.Tests.Validation;

namespace LazyOC.Wasm.Tests.Regressions;

/// <summary>
/// What the fuzzers have found, by number. Beside each module is its text, which says how it was found, and what must
/// come of it: <c>load = Unsupported</c>, or a line <c>export(arguments) = outcome</c> for each call, all on one
/// instance, with values as hexadecimal bits and outcomes in the words of the fuzzers.
/// </summary>
public sealed class RegressionTests
{
    private const string Load = "load";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Regressions");

    public static TheoryData<string> All =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public void Run_OfARegression_IsWhatIsExpected(string name)
    {
        var (module, lines) = Read(name);
        if (lines is [(Load, var error)])
        {
            Assert.Equal(error, Assert.Throws<WasmFormatException>(() => WasmModule.Load(module)).Error.ToString());
            return;
        }
        foreach (var fuel in (long?[])[null, 1_000_000])
        {
            var run = RunHere(module, lines, fuel);

            Assert.Null(run.Problem);
            Assert.Equal(Expected(lines), run.Execution!.Lines);
        }
    }

    /// <summary>The expectations are right: V8 meets them too. Refusals are our own.</summary>
    [NodeTheory]
    [MemberData(nameof(All))]
    public void Run_OfARegressionInV8_IsWhatIsExpected(string name)
    {
        var (module, lines) = Read(name);
        if (lines is [(Load, _)])
            return;
        using var v8 = new V8Peer();

        v8.SubmitExecution(module, PlanOf(WasmModule.Load(module), lines));

        Assert.All(Expected(lines).Zip(v8.Receive().Split('\n')), pair => Assert.True(TrapKinds.Agree(pair.First, pair.Second), $"{pair}"));
    }

    private static (byte[] Module, ImmutableArray<(string Call, string Outcome)> Lines) Read(string name)
    {
        var lines = File.ReadLines(Path.Combine(Folder, name + ".txt")).Where(line => line is not ("" or ['#', ..]));
        return (File.ReadAllBytes(Path.Combine(Folder, name + ".wasm")), [.. lines.Select(line => line.Split(" = ") is [var call, var outcome] ? (call, outcome) : throw new FormatException(line))]);
    }

    private static IEnumerable<string> Expected(ImmutableArray<(string Call, string Outcome)> lines) =>
        lines.Select(line => line.Outcome).Prepend(ModuleExecution.Instantiated);

    private static EngineRun RunHere(byte[] bytes, ImmutableArray<(string Call, string Outcome)> lines, long? fuel) =>
        GuestThread.Run(() => EngineRun.Of(bytes, module =>
        {
            var plan = PlanOf(module, lines);
            return (plan, EngineExecution.Run(module, plan, fuel), null);
        }));

    private static CallPlan PlanOf(WasmModule module, ImmutableArray<(string Call, string Outcome)> lines)
    {
        var callable = CallPlan.Callable(module).ToDictionary(export => export.Name, StringComparer.Ordinal);
        return new CallPlan([.. lines.Select(line => ToCall(line.Call, callable))]);
    }

    private static ExportCall ToCall(string text, Dictionary<string, (int Export, string Name, FunctionType Type)> callable)
    {
        var (export, name, type) = callable[text[..text.IndexOf('(', StringComparison.Ordinal)]];
        var words = text[(name.Length + 1)..^1].Split(", ", StringSplitOptions.RemoveEmptyEntries);
        return new ExportCall(export, name, [.. type.Parameters.Zip(words, Argument)]);
    }

    private static object? Argument(ValType type, string bits) => type switch
    {
        ValType.I32 => (int)uint.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        ValType.I64 => (long)ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        ValType.F32 => BitConverter.UInt32BitsToSingle(uint.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        ValType.F64 => BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        _ => null,
    };
}
