using System.Text;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Tests.State;

/// <summary>What a plugin is told when its store's disk does not do as it should.</summary>
public sealed class StoreDiskTests : IDisposable
{
    private const long Quota = 4 << 20;

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-disk-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [SmallDiskFact]
    public void Change_OnAFullDisk_SaysThatTheDiskIsFullAndChangesNothing()
    {
        using var disk = SmallDisk.Mount("512k");
        using var store = Open(disk.Path);
        Assert.Null(Change(store, "a", 1_000));
        disk.Fill();

        var error = Change(store, "b", 100_000);

        Assert.Equal(ErrorCode.Unavailable, error?.Code);
        Assert.Contains($"the disk of the plugin's store `{PathOn(disk.Path)}` is full", error!.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], Keys(store));
        // The control: with room on the disk it is stored.
        File.Delete(Path.Combine(disk.Path, "filling"));
        Assert.Null(Change(store, "b", 100_000));
    }

    [Fact]
    public void Change_AboveTheQuota_SaysThatTheStoreIsFull()
    {
        using var store = Open(_home);

        var error = Assert.IsType<CallOutcome<long>.Failed>(store.Change([.. Enumerable.Range(0, 50).Select(i => Value($"{i}", 100_000))])).Error;

        Assert.Equal(ErrorCode.QuotaExceeded, error.Code);
        Assert.Contains($"{Quota:N0} bytes", error.Message, StringComparison.Ordinal);
    }

    [SmallDiskFact]
    public void Calls_OnAReadOnlyDisk_ReadAndSayWhatCannotBeWritten()
    {
        using var disk = SmallDisk.Mount("512k");
        using (var before = Open(disk.Path)) Assert.Null(Change(before, "a", 1_000));
        disk.MakeReadOnly();
        using var store = Open(disk.Path);

        Assert.Equal(["a"], Keys(store));
        var error = Change(store, "b", 1_000);

        Assert.Equal(ErrorCode.Unavailable, error?.Code);
        Assert.Contains($"`{PathOn(disk.Path)}` cannot be written", error!.Message, StringComparison.Ordinal);
    }

    [SmallDiskFact]
    public void Calls_DamagedStoreThatCannotBePutAside_SayBoth()
    {
        using var disk = SmallDisk.Mount("512k");
        Directory.CreateDirectory(Path.GetDirectoryName(PathOn(disk.Path))!);
        File.WriteAllText(PathOn(disk.Path), new string('x', 10_000));
        disk.MakeReadOnly();
        using var store = Open(disk.Path);

        var error = Assert.IsType<CallOutcome<Contracts.Calls.StorageListAnswer>.Failed>(store.List("", null, 10, values: false)).Error;

        Assert.Equal(ErrorCode.Unavailable, error.Code);
        Assert.Contains($"`{PathOn(disk.Path)}` is damaged, and cannot be put aside as `{StoreFile.DamagedPath(PathOn(disk.Path))}`", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Change_FileInThePlaceOfTheFolder_SaysWhichStoreCannotBeOpened()
    {
        File.WriteAllText(Path.Combine(_home, "acme.test"), "");
        using var store = Open(_home);

        var error = Change(store, "a", 10);

        Assert.Equal(ErrorCode.Unavailable, error?.Code);
        Assert.Contains($"`{PathOn(_home)}` cannot be opened", error!.Message, StringComparison.Ordinal);
    }

    private static string PathOn(string disk) => Path.Combine(disk, "acme.test", "1.db");

    private static StoreFile Open(string disk) => new(PathOn(disk), Quota, new RuntimeLimits());

    private static StoreChange Value(string key, int length) => new(key, Encoding.UTF8.GetBytes($"\"{new string('x', length)}\""), null);

    private static CallError? Change(StoreFile store, string key, int length) => (store.Change([Value(key, length)]) as CallOutcome<long>.Failed)?.Error;

    private static IEnumerable<string> Keys(StoreFile store) =>
        Assert.IsType<CallOutcome<Contracts.Calls.StorageListAnswer>.Done>(store.List("", null, 100, values: false)).Answer.Items.Select(item => item.Key);
}
