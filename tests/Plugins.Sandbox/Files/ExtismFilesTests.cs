using LazyOC.Plugins.Sandbox.Files;
using LazyOC.Plugins.Sandbox.Guests;
using FileAccess = LazyOC.Plugins.Contracts.Permissions.FileAccess;

namespace LazyOC.Plugins.Sandbox.Tests.Files;

/// <summary>A guest in C opens files with its own library, in the trees that <c>files.*</c> uses; see Fixtures/files.c.</summary>
public sealed class ExtismFilesTests
{
    // Source: WASI preview 1, errno.
    private const int NoEntry = 44;
    private const int TooManyFiles = 33;
    private const int NoSpace = 51;
    private const int NotPermitted = 63;
    private const int ReadOnly = 69;
    private const int NotCapable = 76;

    [Fact]
    public async Task Open_ItsTrees_SharesThemWithTheCalls()
    {
        using var fixture = new FilesFixture();
        await using var guest = await StartAsync(fixture);
        FilesFixture.Ok(fixture.Write("/tmp/y", "from the host call"));

        Assert.Equal((int[])[0, 0, 0, 0], await AllAsync(guest, "put_tmp", "get_tmp", "put_mount", "get_package"));

        Assert.Equal(("from c", "from c"), (fixture.Read("/tmp/x"), fixture.Read("/mnt/reports/x")));
        Assert.Equal("from c", File.ReadAllText(Path.Combine(fixture.Folder, "x")));
        Assert.Equal(0, await ErrnoAsync(guest, "remove_mount"));
        Assert.Equal(["path_open write /mnt/reports/x", "path_unlink_file write /mnt/reports/x"], fixture.Used);
        Assert.Empty(fixture.Escaped);
    }

    [Fact]
    public async Task Open_WhatItMayNotChange_IsRefused()
    {
        using var fixture = new FilesFixture { Access = FileAccess.Read };
        await using var guest = await StartAsync(fixture);

        Assert.Equal((int[])[ReadOnly, ReadOnly], await AllAsync(guest, "put_package", "put_mount"));
        using var writable = new FilesFixture();
        await using var control = await StartAsync(writable);
        Assert.Equal(0, await ErrnoAsync(control, "put_mount"));
    }

    [Fact]
    public async Task Open_WaysOut_AreRefused()
    {
        using var fixture = new FilesFixture();
        File.CreateSymbolicLink(Path.Combine(fixture.Folder, "out"), "../outside");
        await using var guest = await StartAsync(fixture);

        Assert.Equal((int[])[NotCapable, NotCapable, NotPermitted], await AllAsync(guest, "get_through_link", "get_above", "make_link"));
        Assert.Contains(await ErrnoAsync(guest, "get_absolute"), (int[])[NoEntry, NotCapable]);
        // The link that leads out is the host's: who follows it cannot know.
        Assert.Equal(["/mnt/reports/../outside/secret", "/mnt/reports/../outside"], fixture.Escaped);
        // The control: the host itself follows it.
        Assert.Equal("secret", File.ReadAllText(Path.Combine(fixture.Folder, "out", "secret")));
    }

    [Fact]
    public async Task Write_UntilTmpIsFull_IsRefusedThere()
    {
        using var fixture = new FilesFixture { Limits = new FileLimits { TemporaryBytes = 100_000 } };
        await using var guest = await StartAsync(fixture);

        Assert.Equal(NoSpace, await ErrnoAsync(guest, "fill_tmp"));
        Assert.True(fixture.Read("/tmp/full").Length is > 90_000 and <= 100_000);
        Assert.Equal("quota-exceeded", FilesFixture.Error(fixture.Write("/tmp/more", new string('x', 10_000))).Code);
    }

    [Fact]
    public async Task Open_WithoutEnd_IsRefusedAtTheLimit()
    {
        using var fixture = new FilesFixture { Limits = new FileLimits { OpenFiles = 20 } };
        await using var guest = await StartAsync(fixture);

        Assert.Equal(TooManyFiles, await ErrnoAsync(guest, "open_many"));
    }

    private static Task<TestGuest> StartAsync(FilesFixture fixture) => TestGuest.StartWasmAsync("files.wasm", configure: options => options with { Files = fixture.Files });

    private static async Task<int[]> AllAsync(TestGuest guest, params string[] exports)
    {
        var results = new List<int>();
        foreach (var export in exports) results.Add(await ErrnoAsync(guest, export));
        return [.. results];
    }

    private static async Task<int> ErrnoAsync(TestGuest guest, string export)
    {
        if (await guest.SendAsync(export) is not GuestReply.Failed { Fault: var fault }) return 0;
        Assert.StartsWith($"`{export}` returned ", fault.Message, StringComparison.Ordinal);
        return int.Parse(fault.Message.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
