using System.Collections.Immutable;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Sandbox.Files;
using Digest = LazyOC.Plugins.Contracts.Digest;
using FileAccess = LazyOC.Plugins.Contracts.Permissions.FileAccess;

namespace LazyOC.Cli.Tests.Plugin;

/// <summary>The folders of the user's that plugins see.</summary>
public sealed class ChosenFoldersTests : IDisposable
{
    private static readonly PermissionSet Asked = new() { Files = [new FileRule { Mount = "reports", Access = FileAccess.ReadWrite }, new FileRule { Mount = "charts" }] };

    private readonly string _folder = Directory.CreateTempSubdirectory("lazyoc-folders-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_MountAndFolder_IsTheFolderThatIsThere()
    {
        var folders = ChosenFolders.Read([$"reports={_folder}/"], new MountRules("", []));

        Assert.Equal(("reports", Path.TrimEndingDirectorySeparator(_folder)), (folders.Single().Key, Path.TrimEndingDirectorySeparator(folders.Single().Value)));
    }

    [Theory]
    [InlineData("reports", "is not a mount and a folder")]
    [InlineData("=/tmp", "is not a mount and a folder")]
    [InlineData("reports=", "is not a mount and a folder")]
    [InlineData("reports=/no/such/folder", "is not a folder")]
    [InlineData("reports=/etc", "is never given to plugins")]
    [InlineData("reports=/", "is never given to plugins")]
    public void Read_WhatIsNone_SaysWhy(string given, string reason)
    {
        var error = Assert.Throws<UserError>(() => ChosenFolders.Read([given], new MountRules("", [])));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ForbiddenFolder_IsRefusedUnlessNothingForbidsIt()
    {
        var inside = Directory.CreateDirectory(Path.Combine(_folder, "keys")).FullName;

        var error = Assert.Throws<UserError>(() => ChosenFolders.Read([$"reports={inside}"], new MountRules("", [_folder])));
        Assert.Contains("is never given to plugins", error.Message, StringComparison.Ordinal);
        Assert.Single(ChosenFolders.Read([$"reports={inside}"], new MountRules("", [])));
    }

    [Fact]
    public void Into_AnUpdate_KeepsWhatWasChosenAndTakesWhatIsNew()
    {
        var before = Asked with { Files = [Asked.Files[0] with { Host = "/old" }] };

        var kept = ChosenFolders.Into(Asked, ImmutableDictionary<string, string>.Empty, before);
        var changed = ChosenFolders.Into(Asked, new Dictionary<string, string> { ["reports"] = "/new" }, before);

        Assert.Equal(["/old", null], kept.Files.Select(rule => rule.Host));
        Assert.Equal(["/new", null], changed.Files.Select(rule => rule.Host));
        Assert.Equal("charts", Assert.Single(ChosenFolders.Missing(Asked, ImmutableDictionary<string, string>.Empty, before)).Mount);
    }

    [Fact]
    public void SetFolders_OfAGrant_StaysWhenOtherPermissionsChange()
    {
        var asked = Asked with { Clipboard = ClipboardAccess.Write };
        var chosen = new GrantChange(asked, Entry(asked));
        Assert.True(chosen.SetFolders(ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("reports", "/chosen")])).TryGet(out _, out _));
        Assert.Equal(["/chosen", null], chosen.Grant.Files.Select(rule => rule.Host));

        var later = new GrantChange(asked, Entry(chosen.Grant));
        Assert.True(later.Revoke("clipboard").TryGet(out _, out _));
        Assert.True(later.Restore("clipboard").TryGet(out _, out _));

        Assert.Equal(["/chosen", null], later.Grant.Files.Select(rule => rule.Host));
        Assert.False(later.SetFolders(ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("other", "/x")])).TryGet(out _, out var problems));
        Assert.Contains("has no mount `other`", problems[0].Message, StringComparison.Ordinal);
    }

    private static InstalledEntry Entry(PermissionSet granted) => new()
    {
        Id = PluginId.Parse("acme.test"),
        Version = LazyOC.Plugins.Contracts.Versions.SemanticVersion.Parse("1.0.0"),
        Digest = Digest.Of([]),
        Files = Digest.Of([]),
        Source = "test",
        Granted = granted,
        GrantDigest = granted.ComputeDigest(),
        StoreEpoch = 1,
        Enabled = true,
        Why = InstallReason.Requested,
    };
}
