using System.Globalization;
using System.Text;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>The same files give the same bytes, wherever they are packed.</summary>
public sealed class DeterministicPackTests
{
    private static readonly string[] Names = ["plugin.json", "dist/plugin.js", "dist/I.txt", "dist/j.txt", "README.md", "data/z.txt", "data/B.txt", "data/a.txt", "data/10.txt", "data/9.txt"];

    /// <summary>By .NET 10 with zlib-ng, on any processor.</summary>
    private const string Known = "sha256-497d062c8c223e1645aca58a83f819803c717f208917f50456e12dc5e168672d";

    /// <summary>A directory whose files were made in some order, with their times and modes.</summary>
    private static TemporaryDirectory Plugin(IEnumerable<string> names, DateTime time, UnixFileMode mode)
    {
        var directory = new TemporaryDirectory();
        foreach (var name in names)
        {
            directory.Write(name, name == "plugin.json" ? SamplePackage.Manifest() : Content(name));
            var path = Path.Combine(directory.Path, name);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
            File.SetLastWriteTimeUtc(path, time);
        }
        return directory;
    }

    private static string Content(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < 400; i++) text.Append(CultureInfo.InvariantCulture, $"{name} has line {i} of {i * i % 97}\n");
        return text.ToString();
    }

    [UnixFact]
    public async Task Pack_InOtherSurroundings_SameBytes()
    {
        using var first = Plugin(Names, new DateTime(1999, 12, 31, 23, 59, 59, DateTimeKind.Utc), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var second = Plugin(Names.Reverse(), new DateTime(2038, 1, 19, 3, 14, 8, DateTimeKind.Utc), (UnixFileMode)0b111_101_101);
        using var output = new TemporaryDirectory();
        string Package(int number) => Path.Combine(output.Path, string.Create(CultureInfo.InvariantCulture, $"{number}.lzp"));

        var one = await PackProgram.RunAsync(first.Path, Package(1), "022", ("TZ", "UTC"), ("LC_ALL", "C"));
        // Turkish has another idea of upper-case i, and with cultures of ICU's numbers and order differ.
        var two = await PackProgram.RunAsync(second.Path, Package(2), "077", ("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8"), ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "0"));
        var three = await PackProgram.RunAsync(second.Path + "/", Package(3), "000", ("TZ", "America/St_Johns"), ("LC_ALL", "ar_SA.UTF-8"), ("DOTNET_EnableHWIntrinsic", "0"), ("DOTNET_gcServer", "1"));

        Assert.Equal(Digest.Of(one), Digest.Of(two));
        Assert.Equal(Digest.Of(one), Digest.Of(three));
    }

    /// <summary>
    /// The one part of a package that the format does not decide is how well deflate packs: that is the compressor's choice.
    /// When this fails, the .NET that runs has another one than the .NET that LazyOC is built with, and packages made with it
    /// have other digests. Packages made before stay valid; docs/packages.md says what the digest rests on.
    /// </summary>
    [Fact]
    public void Write_KnownFiles_GivesTheKnownBytes()
    {
        var files = Names.Select(name => SamplePackage.File(name, Content(name))).ToList();
        var digest = Digest.Of(ArchiveWriter.Write(files)).ToString();
        Assert.True(digest == Known, $"{digest} is what this .NET packs, which is {Environment.Version}");
    }
}

/// <summary>A test that needs a Unix shell; reported as skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "needs a Unix shell, for the umask" : null;
}
