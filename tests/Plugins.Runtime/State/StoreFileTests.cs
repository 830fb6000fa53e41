using System.Text;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Tests.State;

public sealed class StoreFileTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-store-").FullName;

    private string PathOfStore => Path.Combine(_home, "acme.test", "1.db");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Get_BeforeAnythingWasSet_MakesNoFile()
    {
        using var store = Open();

        Assert.Null(Get(store, "a"));
        Assert.Empty(List(store).Items);
        Assert.False(File.Exists(PathOfStore));
    }

    [Fact]
    public void Set_Value_IsThereForTheNextProcess()
    {
        using (var store = Open()) Set(store, "a", """{"x":[1,"€",null]}""");

        using var later = Open();
        Assert.Equal("""{"x":[1,"€",null]}""", Get(later, "a"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(PathOfStore)!));
    }

    [Fact]
    public void Set_IfRevision_IsDoneOnceByOneOfTwo()
    {
        using var store = Open();
        using var other = Open();
        var first = Set(store, "a", "1", ifRevision: 0);

        Assert.Equal(ErrorCode.Conflict, Error(other.Change([Of("a", "2", ifRevision: 0)])).Code);
        var second = Set(other, "a", "2", ifRevision: first);
        Assert.Equal(ErrorCode.Conflict, Error(store.Change([Of("a", "3", ifRevision: first)])).Code);

        Assert.Equal("2", Get(store, "a"));
        Ok(store.Change([new StoreChange("a", null, second)]));
        Assert.NotEqual(first, Set(store, "a", "4", ifRevision: 0));
    }

    [Fact]
    public void Change_OneOfManyRefused_ChangesNothing()
    {
        using var store = Open();
        Set(store, "a", "1");

        Assert.Equal(ErrorCode.Conflict, Error(store.Change([Of("b", "1"), new StoreChange("a", null, null), Of("c", "1", ifRevision: 7)])).Code);

        Assert.Equal("a", Assert.Single(List(store).Items).Key);
        // The control: without the condition all of it is done.
        Ok(store.Change([Of("b", "1"), new StoreChange("a", null, null), Of("c", "1")]));
        Assert.Equal(["b", "c"], List(store).Items.Select(item => item.Key));
    }

    [Fact]
    public void Change_MoreThanTheQuota_IsRefusedAsAWholeAndWhatWasThereIs()
    {
        using var store = Open(quotaBytes: 256 << 10);
        var value = Json(new string('x', 30_000));
        var stored = 0;
        while (store.Change([Of($"k{stored}", value)]) is CallOutcome<long>.Done) stored++;

        var error = Error(store.Change([Of("small", "1"), .. Enumerable.Range(0, 20).Select(i => Of($"more{i}", value))]));

        Assert.Equal(ErrorCode.QuotaExceeded, error.Code);
        Assert.Contains("nothing was changed", error.Message, StringComparison.Ordinal);
        Assert.InRange(stored, 4, 8);
        Assert.Equal(Enumerable.Range(0, stored).Select(i => $"k{i}"), List(store).Items.Select(item => item.Key));
        Assert.True(new FileInfo(PathOfStore).Length <= 256 << 10);
        // Room that is given back can be used again; the control, that more was possible with more.
        Ok(store.Change([new StoreChange("k0", null, null)]));
        Set(store, "again", Json(new string('y', 20_000)));
        using var larger = Open(quotaBytes: 4 << 20);
        Ok(larger.Change([.. Enumerable.Range(0, 20).Select(i => Of($"more{i}", value))]));
    }

    [Fact]
    public void List_Pages_GiveEachKeyOnceInOrder()
    {
        using var store = Open();
        Ok(store.Change([.. Enumerable.Range(0, 25).Select(i => Of($"pod/{i:00}", $"{i}")), Of("po", "0"), Of("pod0", "0"), Of("q", "0"), Of("pod/€", "26")]));

        var keys = new List<string>();
        for (string? after = null; ;)
        {
            var page = Ok(store.List("pod/", after, 10, values: true));
            keys.AddRange(page.Items.Select(item => $"{item.Key}={item.Value}"));
            if (!page.More) break;
            after = page.Items[^1].Key;
        }

        Assert.Equal([.. Enumerable.Range(0, 25).Select(i => $"pod/{i:00}={i}"), "pod/€=26"], keys);
        Assert.All(Ok(store.List("", null, 100, values: false)).Items, item => Assert.Null(item.Value));
    }

    [Fact]
    public void List_ValuesBeyondTheLimit_AreLeftForTheNextPage()
    {
        using var store = Open(limits: new RuntimeLimits { StoredBytesListed = 100 });
        Ok(store.Change([.. Enumerable.Range(0, 5).Select(i => Of($"{i}", Json(new string('x', 60))))]));

        var page = Ok(store.List("", null, 100, values: true));

        Assert.Single(page.Items);
        Assert.True(page.More);
        Assert.Equal(5, Ok(store.List("", null, 100, values: false)).Items.Length);
    }

    [Theory]
    [InlineData("not a database, but long enough to be looked at as one, which takes some hundred bytes of text at the least: ................")]
    [InlineData("middle")]
    public void Damaged_File_IsPutAsideAndStaysSo(string damage)
    {
        using (var before = Open()) Ok(before.Change([.. Enumerable.Range(0, 50).Select(i => Of($"{i}", Json(new string('x', 1_000))))]));
        if (damage == "middle")
        {
            using var file = File.OpenWrite(PathOfStore);
            file.Position = 4_096;
            file.Write(Enumerable.Repeat((byte)0xA5, 16_384).ToArray());
        }
        else
        {
            File.WriteAllText(PathOfStore, damage);
        }
        var damaged = File.ReadAllBytes(PathOfStore);

        using var store = Open();
        var error = Error(store.List("", null, 100, values: true));

        Assert.Equal(ErrorCode.Unavailable, error.Code);
        Assert.Contains(StoreFile.DamagedPath(PathOfStore), error.Message, StringComparison.Ordinal);
        Assert.Equal(damaged, File.ReadAllBytes(StoreFile.DamagedPath(PathOfStore)));
        // Not even another process begins anew behind the user's back.
        using var later = Open();
        Assert.Equal(ErrorCode.Unavailable, Error(later.Change([Of("a", "1")])).Code);
        Assert.False(File.Exists(PathOfStore));
        File.Delete(StoreFile.DamagedPath(PathOfStore));
        Set(later, "a", "1");
    }

    [Fact]
    public void Open_FileOfANewerFormat_IsLeftAlone()
    {
        using (var before = Open()) Set(before, "a", "1");
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={PathOfStore};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 2;";
            command.ExecuteNonQuery();
        }

        using var store = Open();

        Assert.Contains("a newer one wrote it", Error(store.Get("a")).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(PathOfStore));
    }

    [Fact]
    public void CopyTo_StoreInUse_IsWhatWasCommitted()
    {
        using var store = Open();
        Set(store, "a", "1");
        var copy = Path.Combine(_home, "copy.db");

        Assert.Null(store.CopyTo(copy));
        Set(store, "b", "2");

        using var copied = new StoreFile(copy, 1 << 20, new RuntimeLimits());
        Assert.Equal(("1", null), (Get(copied, "a"), Get(copied, "b")));
    }

    [Fact]
    public void Dispose_LaterCalls_EndCancelled()
    {
        using var store = Open();
        Set(store, "a", "1");
        store.Dispose();

        Assert.Equal(ErrorCode.Cancelled, Error(store.Get("a")).Code);
    }

    private StoreFile Open(long quotaBytes = 1 << 20, RuntimeLimits? limits = null) => new(PathOfStore, quotaBytes, limits ?? new RuntimeLimits());

    private static string Json(string text) => $"\"{text}\"";

    private static StoreChange Of(string key, string json, long? ifRevision = null) => new(key, Encoding.UTF8.GetBytes(json), ifRevision);

    private static long Set(StoreFile store, string key, string json, long? ifRevision = null) => Ok(store.Change([Of(key, json, ifRevision)]));

    private static string? Get(StoreFile store, string key) => Ok(store.Get(key)).Value?.GetRawText();

    private static StorageListAnswer List(StoreFile store) => Ok(store.List("", null, 100, values: false));

    private static T Ok<T>(CallOutcome<T> outcome) => Assert.IsType<CallOutcome<T>.Done>(outcome).Answer;

    private static CallError Error<T>(CallOutcome<T> outcome) => Assert.IsType<CallOutcome<T>.Failed>(outcome).Error;
}
