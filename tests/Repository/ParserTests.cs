using System.Text.RegularExpressions;

namespace LazyOC.Repository.Tests;

/// <summary>What parses hostile input in the marketplace's own process stays memory safe: SECURITY.md promises it.</summary>
public sealed partial class ParserTests
{
    public static TheoryData<string> Parsers => new("Wasm/Binary", "Wasm/Validation", "Plugins.Contracts", "Plugins.Packages", "Marketplace/Scanning");

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Parser_OfHostileInput_HasNoUnsafeCode(string folder)
    {
        var files = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src", folder), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotMatch(Unsafe(), File.ReadAllText(file)));
        // The control: the engine's other half has some.
        Assert.Contains(Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src", "Wasm", "Execution"), "*.cs"), file => Unsafe().IsMatch(File.ReadAllText(file)));
    }

    [GeneratedRegex(@"\bunsafe\b(?!_)|\bMemoryMarshal\.|\bUnsafe\.|\bNativeMemory\.", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Unsafe();
}
