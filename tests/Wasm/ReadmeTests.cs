using System.Runtime.CompilerServices;

namespace LazyOC.Wasm.Tests;

/// <summary>The example of the engine's README is this file's, and does what it says.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void Example_Run_PrintsWhatItSays()
    {
        Console.Lines.Clear();

        RunExample();

        Assert.Equal(["the guest says 19", "42"], Console.Lines);
    }

    [Fact]
    public void Example_OfTheReadme_IsTheOneThatIsRunHere()
    {
        var example = Between(Readme(), "```csharp\n", "```");

        Assert.Contains(Flat(example), Flat(System.IO.File.ReadAllText(SourceFile())), StringComparison.Ordinal);
    }

    [Fact]
    public void Module_OfTheReadme_IsTheFixture() =>
        Assert.Equal(Flat(System.IO.File.ReadAllText(Path.Combine(Path.GetDirectoryName(SourceFile())!, "Fixtures", "sum.wat"))), Flat(Between(Readme(), "```wat\n", "```")));

    private static void RunExample()
    {
        var module = WasmModule.Load(File.ReadAllBytes("sum.wasm"));
        var linker = new WasmLinker().Define("host", "log", (int value) => Console.WriteLine($"the guest says {value}"));
        using var instance = module.Instantiate(linker, new InstanceOptions { MaxMemoryBytes = 1 << 20, Fuel = 1_000_000 });
        var sum = instance.GetFunction<Func<int, int, int>>("sum");
        try
        {
            Console.WriteLine(sum(19, 23));
        }
        catch (TrapException trap)
        {
            Console.WriteLine($"{trap.Message} in {string.Join(" < ", trap.GuestStack)}");
        }
    }

    private static string Readme() => System.IO.File.ReadAllText(Path.Combine(Path.GetDirectoryName(SourceFile())!, "..", "..", "src", "Wasm", "README.md"));

    private static string SourceFile([CallerFilePath] string path = "") => path;

    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Stands for the folder the example runs in.</summary>
    private static class File
    {
        public static byte[] ReadAllBytes(string name) => System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", name));
    }

    /// <summary>Stands for the terminal.</summary>
    private static class Console
    {
        public static List<string> Lines { get; } = [];

        public static void WriteLine(object line) => Lines.Add($"{line}");
    }
}
