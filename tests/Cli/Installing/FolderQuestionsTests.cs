using System.Collections.Immutable;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Sandbox.Files;

namespace LazyOC.Cli.Tests.Installing;

public sealed class FolderQuestionsTests : IDisposable
{
    private const string Reports = """ "permissions":{"files":[{"mount":"reports","access":"read"}]} """;

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-folders-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Ask_TwoPluginsWithAMountOfOneName_GivesEachWhatWasMeantForIt()
    {
        var (one, two) = (Directory.CreateDirectory(Path.Combine(_home, "one")).FullName, Directory.CreateDirectory(Path.Combine(_home, "two")).FullName);
        var answers = new Queue<string>([one, two]);
        var questions = Questions(_ => answers.Dequeue());

        var folders = questions.Ask([Fetched("acme.one"), Fetched("acme.two")], Empty);

        Assert.Equal(one, FolderQuestions.Of(folders, PluginId.Parse("acme.one"))["reports"]);
        Assert.Equal(two, FolderQuestions.Of(folders, PluginId.Parse("acme.two"))["reports"]);
    }

    [Fact]
    public void Ask_NoAnswer_GivesNoFolderToAnybody()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home, "one")).FullName;
        var answers = new Queue<string>([folder, ""]);

        var folders = Questions(_ => answers.Dequeue()).Ask([Fetched("acme.one"), Fetched("acme.two")], Empty);

        Assert.Equal([PluginId.Parse("acme.one")], folders.Keys);
    }

    [Fact]
    public void Named_MountThatTwoPluginsHave_IsRefused()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home, "one")).FullName;

        var error = Assert.Throws<UserError>(() => Questions(_ => null).Named([$"reports={folder}"], [Fetched("acme.one"), Fetched("acme.two")]));

        Assert.Equal("acme.one and acme.two both have a mount `reports`", error.Message);
    }

    private static ImmutableDictionary<PluginId, ImmutableSortedDictionary<string, string>> Empty => ImmutableDictionary<PluginId, ImmutableSortedDictionary<string, string>>.Empty;

    private FolderQuestions Questions(Func<string, string?> prompt) => new(new MountRules(_home, []), prompt, note => Assert.Fail(note));

    private static FetchedPackage Fetched(string id)
    {
        var package = TestRegistry.Package(id, "1.0.0", Reports);
        return new FetchedPackage(new PlannedInstall(package.Manifest.Id, package.Manifest.Version, null, new PackageOrigin.InFile("x.lzp", package), InstallReason.Requested, null, []), package, [], null, null);
    }
}
