using System.Globalization;
using System.Text;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>The same files give the same bytes, wherever they are packed.</summary>
public sealed class DeterministicPackTests
{
    private static readonly string[] Names = ["plugin.json", "dist/plugin.js", "dist/I.txt", "dist/j.txt", "README.md", "data/z.txt", "data/B.txt", "data/a.txt", "data/10.txt", "data/9.txt"];

    /// <summary>On any machine.</summary>
    private const string Known = "sha256-23cf24ff6b4ef2c4b60974b23fb909e309ba3d3607dffafd250d2671c9b08dd6";

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
    /// The format does not decide how deflate packs, so a change of <see cref="Deflater"/> changes the digests of packages that
    /// are packed anew; docs/packages.md says what rests on it.
    /// </summary>
    [Fact]
    public void Write_KnownFiles_GivesTheKnownBytes()
    {
        var files = Names.Select(name => SamplePackage.File(name, Content(name))).ToList();
        var digest = Digest.Of(ArchiveWriter.Write(files)).ToString();
        Assert.True(digest == Known, $"these files are packed into {digest} now");
    }
}

/// <summary>A test that needs a Unix shell; reported as skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "needs a Unix shell, for the umask" : null;
}
