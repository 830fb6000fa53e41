using System.Runtime.CompilerServices;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests;

/// <summary>Compares frames with text files that read as screens; <c>LAZYOC_UPDATE_GOLDENS=1</c> writes them anew.</summary>
internal static class Golden
{
    public static string Text(CellBuffer frame)
    {
        using var writer = new StringWriter();
        FrameWriter.Write(frame, writer);
        return writer.ToString();
    }

    public static void Verify(CellBuffer frame, string name, [CallerFilePath] string source = "") => Verify(Text(frame), name + ".txt", source);

    public static void Verify(string actual, string file, [CallerFilePath] string source = "")
    {
        var directory = new DirectoryInfo(Path.GetDirectoryName(source)!);
        while (!File.Exists(Path.Combine(directory.FullName, "LazyOC.Tui.Tests.csproj")))
            directory = directory.Parent ?? throw new InvalidOperationException("the test's source lies outside its project");
        var path = Path.Combine(directory.FullName, "Goldens", file);
        if (Environment.GetEnvironmentVariable("LAZYOC_UPDATE_GOLDENS") == "1")
            File.WriteAllText(path, actual);
        Assert.True(File.Exists(path), $"{file} is missing; run the tests with LAZYOC_UPDATE_GOLDENS=1");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
