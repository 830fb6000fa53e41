using LazyOC.Marketplace.Protocol.Client;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>What is remembered of registries.</summary>
public sealed class RegistryCacheTests : IDisposable
{
    private const string Origin = "https://plugins.example/ 1 key";
    private const string Path = "v1/index/acme/demo";

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    private static SeenDocument Document(long sequence, string? etag = "\"a\"") => new(new byte[] { (byte)sequence, (byte)'\n', 0 }, etag, sequence);

    // But for the one that processes take turns by.
    private string[] Files => [.. Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(file => System.IO.Path.GetFileName(file) != "lock")];

    [Theory]
    [InlineData("\"a\"")]
    [InlineData("W/\"\\n\"")]
    [InlineData(null)]
    public void Find_Kept_IsTheSame(string? etag)
    {
        var cache = new RegistryCache(_folder.Path);
        Assert.Null(cache.Find(Origin, Path));
        cache.Keep(Origin, Path, Document(5, etag));
        var seen = new RegistryCache(_folder.Path).Find(Origin, Path)!;
        Assert.Equal((etag, 5L), (seen.ETag, seen.Sequence));
        Assert.Equal(Document(5).Bytes.ToArray(), seen.Bytes.ToArray());
    }

    [Fact]
    public void Find_OtherDocumentOrOrigin_IsNone()
    {
        var cache = new RegistryCache(_folder.Path);
        cache.Keep(Origin, Path, Document(5));
        Assert.Null(cache.Find(Origin, Path + "2"));
        Assert.Null(cache.Find(Origin + "2", Path));
    }

    [Fact]
    public void Keep_LowerNumberThanBefore_ChangesNothing()
    {
        var cache = new RegistryCache(_folder.Path);
        cache.Keep(Origin, Path, Document(5));
        cache.Keep(Origin, Path, Document(4));
        Assert.Equal(5, cache.Find(Origin, Path)!.Sequence);
        cache.Keep(Origin, Path, Document(6));
        Assert.Equal(6, cache.Find(Origin, Path)!.Sequence);
        Assert.Single(Files);
    }

    [Fact]
    public void Keep_ManyAtOnce_HighestNumberStays()
    {
        var cache = new RegistryCache(_folder.Path);
        Parallel.For(1, 101, number => cache.Keep(Origin, Path, Document(number)));
        Assert.Equal(100, cache.Find(Origin, Path)!.Sequence);
        Assert.Single(Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no line")]
    [InlineData("{}\nx")]
    [InlineData("{\"sequence\":1,\"color\":1}\nx")]
    [InlineData("null\nx")]
    public void Find_Damaged_IsNoneAndCanBeReplaced(string text)
    {
        var cache = new RegistryCache(_folder.Path);
        cache.Keep(Origin, Path, Document(5));
        File.WriteAllText(Assert.Single(Files), text);
        Assert.Null(cache.Find(Origin, Path));
        cache.Keep(Origin, Path, Document(1));
        Assert.Equal(1, cache.Find(Origin, Path)!.Sequence);
    }
}
