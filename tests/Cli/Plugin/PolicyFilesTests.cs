using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Cli.Tests.Plugin;

public sealed class PolicyFilesTests : IDisposable
{
    private static readonly PluginId Acme = PluginId.Parse("acme.test");

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lazyoc-policy-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Read_NoFiles_RestrictsNothing() => Assert.Null(Read(null, null).WhyNotRun(Acme));

    [Theory]
    [InlineData("""{ "plugins": { "deny": ["acme.*"] } }""", null)]
    [InlineData(null, """{ "plugins": { "deny": ["acme.*"] } }""")]
    [InlineData("""{ "plugins": { "deny": ["acme.*"] } }""", """{ "plugins": { "allow": ["acme.*"] } }""")]
    [InlineData("""{ "plugins": { "allow": ["acme.*"] } }""", """{ "plugins": { "deny": ["acme.*"] } }""")]
    public void Read_OneOfTwoThatDenies_Denies(string? computer, string? named) =>
        Assert.Contains("denies `acme.*`", Read(computer, named).WhyNotRun(Acme), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "plugin": {} }""", "did you mean")]
    [InlineData("not json", "not JSON")]
    [InlineData("", "not JSON")]
    public void Read_FileThatMeansNothing_LetsNothingRunAndSaysWhichFile(string content, string what)
    {
        var why = Read(null, content).WhyNotRun(Acme);
        Assert.Contains("named.json", why, StringComparison.Ordinal);
        Assert.Contains(what, why, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Read_NamedFileThatIsMissing_LetsNothingRun() =>
        Assert.Contains("cannot be read", PolicyFiles.Read(_ => Path.Combine(_root.FullName, "missing.json"), Path.Combine(_root.FullName, "none.json")).WhyNotRun(Acme), StringComparison.Ordinal);

    [Fact]
    public void Read_DirectoryInsteadOfAFile_LetsNothingRun() =>
        Assert.Contains("cannot be read", PolicyFiles.Read(_ => null, _root.FullName).WhyNotRun(Acme), StringComparison.Ordinal);

    private PolicyInForce Read(string? computer, string? named)
    {
        var (computerFile, namedFile) = (Path.Combine(_root.FullName, "computer.json"), Path.Combine(_root.FullName, "named.json"));
        if (computer is not null) File.WriteAllText(computerFile, computer);
        if (named is not null) File.WriteAllText(namedFile, named);
        return PolicyFiles.Read(name => name == PolicyFiles.Variable && named is not null ? namedFile : null, computerFile);
    }
}
