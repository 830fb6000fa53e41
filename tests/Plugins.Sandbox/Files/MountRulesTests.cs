using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Files;

namespace LazyOC.Plugins.Sandbox.Tests.Files;

/// <summary>Folders that no plugin is given, by whatever name they are chosen.</summary>
public sealed class MountRulesTests : IDisposable
{
    private readonly string _root = RealPath.Of(Directory.CreateTempSubdirectory("lazyoc-mounts-").FullName);

    private string Home => Path.Combine(_root, "home");

    private MountRules Rules => new(Home, [Path.Combine(_root, "state", "lazyoc")]);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("home/.kube")]
    [InlineData("home/.kube/cache")]
    [InlineData("home/.ssh")]
    [InlineData("home/.SSH")]
    [InlineData("home/.gnupg/private-keys-v1.d")]
    [InlineData("home/.config/gcloud")]
    [InlineData("home/.config")]
    [InlineData("home")]
    [InlineData("state/lazyoc")]
    [InlineData("state/lazyoc/plugins")]
    [InlineData("state")]
    [InlineData("")]
    public void Resolve_FolderWithCredentialsOrAroundIt_IsRefused(string folder)
    {
        var path = Path.Combine(_root, folder);
        Directory.CreateDirectory(path);

        Assert.Null(Rules.Resolve(path, out var reason));
        Assert.Contains("never given to plugins", reason, StringComparison.Ordinal);
        // The control: nothing else keeps it from being mounted.
        Assert.Equal(path.TrimEnd('/'), MountRules.None.Resolve(path, out _));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/proc")]
    [InlineData("/proc/self")]
    [InlineData("/sys")]
    [InlineData("/dev")]
    [InlineData("/dev/shm")]
    [InlineData("/etc")]
    [InlineData("/proc/self/root")]
    [InlineData("/usr/../proc")]
    public void Resolve_FolderOfTheSystem_IsRefused(string folder)
    {
        Assert.Null(Rules.Resolve(folder, out var reason));
        Assert.Contains("never given to plugins", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("home/reports")]
    [InlineData("home/.sshx")]
    [InlineData("home/.config/myplugin")]
    [InlineData("data")]
    public void Resolve_AnotherFolder_IsWhereItReallyIs(string folder)
    {
        var path = Path.Combine(_root, folder);
        Directory.CreateDirectory(path);

        Assert.Equal(path, Rules.Resolve(path, out var reason));
        Assert.Null(reason);
    }

    [Fact]
    public void Resolve_LinkToAForbiddenFolder_IsRefused()
    {
        Directory.CreateDirectory(Path.Combine(Home, ".ssh"));
        Directory.CreateDirectory(Path.Combine(_root, "links"));
        var last = Path.Combine(_root, "links", "keys");
        File.CreateSymbolicLink(last, Path.Combine(Home, ".ssh"));
        var middle = Path.Combine(_root, "links", "me");
        File.CreateSymbolicLink(middle, "../home");

        Assert.Null(Rules.Resolve(last, out _));
        Assert.Null(Rules.Resolve(Path.Combine(middle, ".ssh"), out _));
        Assert.Null(Rules.Resolve(middle, out _));
        Assert.Equal(Path.Combine(Home, ".ssh"), MountRules.None.Resolve(last, out _));
    }

    [Fact]
    public void Resolve_ForbiddenFolderThatIsALink_IsRefusedAtBothPlaces()
    {
        var elsewhere = Path.Combine(_root, "elsewhere", "kube");
        Directory.CreateDirectory(elsewhere);
        Directory.CreateDirectory(Home);
        File.CreateSymbolicLink(Path.Combine(Home, ".kube"), elsewhere);

        Assert.Null(Rules.Resolve(elsewhere, out _));
        Assert.Null(Rules.Resolve(Path.GetDirectoryName(elsewhere)!, out _));
        // Whoever may write here could put another `.kube` in the link's place.
        Assert.Null(Rules.Resolve(Home, out _));
    }

    [Fact]
    public void Resolve_CircleOfLinksOrNoFolder_IsRefused()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(_root, "b"), "a");
        File.WriteAllText(Path.Combine(_root, "file"), "");

        Assert.Null(Rules.Resolve(Path.Combine(_root, "a"), out var circle));
        Assert.Contains("cannot be followed", circle, StringComparison.Ordinal);
        Assert.Null(Rules.Resolve(Path.Combine(_root, "file"), out var file));
        Assert.Equal("is not a folder", file);
        Assert.Null(Rules.Resolve("reports", out var relative));
        Assert.Equal("is not an absolute path", relative);
    }

    [Fact]
    public void PluginFiles_ForbiddenFolder_IsNotThereAndSaysWhy()
    {
        using var outer = new FilesFixture();
        using var fixture = new FilesFixture { Rules = new MountRules("", [outer.Folder]) };
        using var forbidden = new FilesFixture { Rules = new MountRules("", ["/tmp"]) };
        File.WriteAllText(Path.Combine(forbidden.Folder, "a"), "a");

        Assert.Equal(ErrorCode.Unavailable, forbidden.Read("/mnt/reports/a"));
        Assert.Contains("never given to plugins", Assert.Single(forbidden.NotMounted), StringComparison.Ordinal);
        Assert.Empty(forbidden.List("/mnt"));
        Assert.Equal(["reports Folder"], fixture.List("/mnt"));
    }
}
