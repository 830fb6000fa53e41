using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.State;

namespace LazyOC.Plugins.Runtime.Tests.State;

public sealed class StoredDataTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-stored-").FullName;

    private string PathOfStore => Path.Combine(_home, "acme.test", "1.db");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Export_WhileAPluginHasItOpen_IsEveryKeyInOrder()
    {
        using var store = new StoreFile(PathOfStore, 1 << 20, new RuntimeLimits());
        store.Change([.. Enumerable.Range(0, 300).Select(i => new StoreChange($"k{i:000}", Encoding.UTF8.GetBytes($$"""{"n":{{i}}}"""), null))]);

        using var document = JsonDocument.Parse(Export(out var count));

        Assert.Equal(300, count);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"k{i:000}={i}"), document.RootElement.EnumerateObject().Select(entry => $"{entry.Name}={entry.Value.GetProperty("n")}"));
    }

    [Fact]
    public void Export_NothingStored_IsAnEmptyObject()
    {
        Assert.Equal("{}", Export(out var count));
        Assert.Equal(0, count);
        Assert.False(Directory.Exists(Path.GetDirectoryName(PathOfStore)));
    }

    private string Export(out int count)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Assert.True(StoredData.Export(PathOfStore, writer).TryGet(out count, out var problems), Problem.Join(problems));
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
