using System.Collections.Immutable;
using System.Diagnostics;

namespace LazyOC.Fuzz.Wasm.Differential;

/// <summary>What is done about NaNs, whose bits WebAssembly leaves open.</summary>
internal enum NaNTreatment
{
    /// <summary>Made canonical where their bits could be seen: they flow through arithmetic as they are.</summary>
    Canonical,

    /// <summary>Left alone; a difference that vanishes with canonical NaNs is none.</summary>
    Untouched,

    /// <summary>Turned into 0 everywhere by binaryen.</summary>
    Removed,
}

/// <summary>A module that a seed decides.</summary>
/// <param name="Seed">What decided it.</param>
/// <param name="Bytes">The module; empty when the generator failed.</param>
/// <param name="NaNs">How NaNs were treated.</param>
/// <param name="Failure">Why there is none.</param>
internal sealed record GeneratedModule(int Seed, byte[] Bytes, NaNTreatment NaNs, string? Failure);

/// <summary>Makes modules with binaryen's fuzzer: <c>wasm-opt --translate-to-fuzz</c> turns any bytes into a valid module.</summary>
internal sealed class ModuleGenerator(ImmutableArray<string> features, string folder)
{
    private const int MinInputBytes = 200;

    /// <summary>Sizes double this often between the least and the greatest, each step as likely as another.</summary>
    private const int SizeDoublings = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Code as compilers make it differs from what the fuzzer writes; several empty ones because most bugs hide in plain code.</summary>
    private static readonly ImmutableArray<ImmutableArray<string>> Passes =
        [[], [], [], ["-O1"], ["-O2"], ["-O3"], ["-Os"], ["-O4"], ["--flatten", "-O2"], ["--fuzz-passes"]];

    /// <summary>Makes the module of a seed; safe to call on several threads.</summary>
    public GeneratedModule Generate(int seed)
    {
        var random = new SeededRandom(seed);
        var size = (int)(MinInputBytes * Math.Pow(2, SizeDoublings * random.Below(1_000) / 1_000d));
        var passes = random.Of(Passes.AsSpan());
        var treatment = random.Below(4) switch
        {
            0 => NaNTreatment.Removed,
            1 => NaNTreatment.Untouched,
            _ => NaNTreatment.Canonical,
        };
        var bytes = Run(seed, random.Bytes(size), passes, treatment, out var failure);
        if (failure is null)
            bytes = CodeRewriter.Rewrite(bytes, treatment != NaNTreatment.Untouched, random);
        return new GeneratedModule(seed, bytes, treatment, failure);
    }

    private byte[] Run(int seed, byte[] input, ImmutableArray<string> passes, NaNTreatment treatment, out string? failure)
    {
        var inputFile = Path.Combine(folder, $"{seed}.in");
        var outputFile = Path.Combine(folder, $"{seed}.wasm");
        try
        {
            File.WriteAllBytes(inputFile, input);
            failure = RunWasmOpt([inputFile, "-q", "--translate-to-fuzz", "--mvp-features", .. features.Select(feature => $"--enable-{feature}"), .. passes, .. Denan(treatment), "-o", outputFile]);
            return failure is null ? File.ReadAllBytes(outputFile) : [];
        }
        finally
        {
            File.Delete(inputFile);
            File.Delete(outputFile);
        }
    }

    private static ImmutableArray<string> Denan(NaNTreatment treatment) => treatment == NaNTreatment.Removed ? ["--denan"] : [];

    private static string? RunWasmOpt(IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("wasm-opt", arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        // It says which passes it took at random.
        var words = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            return $"wasm-opt took more than {Patience.TotalMinutes} minutes";
        }
        words.Wait();
        var last = errors.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return process.ExitCode == 0 ? null : $"wasm-opt ended with {process.ExitCode}: {last}";
    }
}
