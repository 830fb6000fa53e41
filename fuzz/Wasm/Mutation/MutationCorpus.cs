using System.Collections.Immutable;
using System.Security.Cryptography;
using LazyOC.Fuzz.Wasm.Differential;
using LazyOC.Fuzz.Wasm.Execution;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Mutation;

/// <summary>Valid modules to damage. A seed takes one of the small ones, and rarely the large one.</summary>
/// <param name="Small">Fixtures, modules of the conformance suite and generated ones.</param>
/// <param name="Large">QuickJS; <see langword="null"/> without it.</param>
/// <param name="Contents">How many there are of each kind, for the log.</param>
internal sealed record MutationCorpus(ImmutableArray<byte[]> Small, byte[]? Large, string Contents)
{
    /// <summary>Larger ones would take most of the time without showing more.</summary>
    private const int MaxSmallBytes = 20_000;

    private const int MinSmallBytes = 100;
    private const int MaxConformanceModules = 600;
    private const int GeneratedModules = 64;
    private const int OneInLarge = 1_000;

    /// <summary>Seeds of their own, so that differential runs do not meet the same modules.</summary>
    private const int FirstGeneratedSeed = 1_000_000_000;

    private static readonly EnumerationOptions InFolders = new() { RecurseSubdirectories = true };

    /// <summary>Names the very modules: a seed means something else with others.</summary>
    public string Hash { get; } = HashOf([.. Small, .. Large is null ? (ReadOnlySpan<byte[]>)[] : [Large]]);

    /// <summary>Collects what there is.</summary>
    /// <param name="conformanceFolder">The converted conformance suite; <see langword="null"/> without it.</param>
    /// <param name="features">Of the generated modules.</param>
    public static MutationCorpus Load(string? conformanceFolder, ImmutableArray<string> features)
    {
        var fixtures = Modules(Path.Combine(RepositoryFolder.Root, "tests", "Wasm"), MaxConformanceModules);
        var conformance = conformanceFolder is null ? [] : Modules(conformanceFolder, MaxConformanceModules);
        var generated = Tools.WasmOptMissing is null ? Generate(features) : [];
        var quickJS = Path.Combine(RepositoryFolder.Root, "node_modules", "quickjs-wasi", "quickjs.wasm");
        var large = File.Exists(quickJS) ? File.ReadAllBytes(quickJS) : null;
        return new MutationCorpus(
            [.. fixtures, .. conformance, .. generated],
            large,
            $"{fixtures.Length} fixtures, {conformance.Length} of the conformance suite, {generated.Length} generated{(large is null ? "" : ", QuickJS")}");
    }

    /// <summary>The folder that the tests convert the conformance suite into, if they have.</summary>
    public static string? ConvertedSuite()
    {
        var folder = Path.Combine(RepositoryFolder.Root, "artifacts", "wasm-testsuite");
        return Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Where(converted => !Path.HasExtension(converted)).Order(StringComparer.Ordinal).FirstOrDefault() : null;
    }

    /// <summary>The damaged module of a seed.</summary>
    public byte[] Mutate(int seed)
    {
        var random = new SeededRandom(seed, stream: 2);
        var original = Large is not null && random.OneIn(OneInLarge) ? Large : random.Of(Small.AsSpan());
        return new ModuleMutator(seed).Mutate(original);
    }

    private static ImmutableArray<byte[]> Modules(string folder, int limit)
    {
        var files = Directory.EnumerateFiles(folder, "*.wasm", InFolders).Order(StringComparer.Ordinal);
        var modules = files.Select(File.ReadAllBytes).Where(module => module.Length is >= MinSmallBytes and <= MaxSmallBytes && IsValid(module)).ToList();
        // Spread over all of them, whose order is that of their subjects.
        var step = Math.Max(1, (modules.Count + limit - 1) / limit);
        return [.. modules.Where((_, i) => i % step == 0)];
    }

    private static ImmutableArray<byte[]> Generate(ImmutableArray<string> features)
    {
        var scratch = Directory.CreateTempSubdirectory("lazyoc-fuzz-");
        try
        {
            var generator = new ModuleGenerator(features, scratch.FullName);
            var modules = Enumerable.Range(FirstGeneratedSeed, GeneratedModules).AsParallel().AsOrdered().Select(generator.Generate);
            return [.. modules.Where(module => module.Failure is null).Select(module => module.Bytes)];
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static bool IsValid(byte[] module)
    {
        try
        {
            WasmModule.Load(module, features: V8Peer.Features);
            return true;
        }
        catch (WasmFormatException)
        {
            return false;
        }
    }

    private static string HashOf(ReadOnlySpan<byte[]> modules)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var module in modules)
            hash.AppendData(module);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
