using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using static LazyOC.Marketplace.Protocol.Tests.Client.RegistryFixture;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>A registry that cannot be reached: what it said before is gone by as long as it is valid, and the user is told.</summary>
public sealed class OfflineTests : IAsyncLifetime
{
    private RegistryFixture _registry = null!;

    private string Server => _registry.Server.Root.AbsoluteUri;

    private string Refused => $"{Server} cannot be reached: Connection refused (127.0.0.1:{_registry.Server.Port})";

    public async Task InitializeAsync() => _registry = await WithDemoAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    private async Task SeeAsync(IRegistryFiles? files = null)
    {
        var client = _registry.Client(files: files);
        Value(await client.IndexAsync(SamplePlugin.Id, CancellationToken.None));
        Value(await client.PublisherAsync("acme", CancellationToken.None));
    }

    [Fact]
    public async Task Offline_DocumentsThatAreValid_AreGoneByAndTheUserIsToldOnce()
    {
        await SeeAsync();
        await _registry.Server.DisposeAsync();
        _registry.Time.Now = Now.AddDays(30).AddTicks(-1);
        await SeeAsync();
        Assert.Equal([$"{Refused}; going by what it said before"], _registry.Notes);
    }

    [Fact]
    public async Task Offline_DocumentsThatHaveExpired_AreRefused()
    {
        await SeeAsync();
        await _registry.Server.DisposeAsync();
        _registry.Time.Now = Now.AddDays(30);
        Assert.Equal($"{Refused}; what it said before has expired\nhint: check the address and your connection", Refusal(await _registry.IndexAsync()));
        Assert.Empty(_registry.Notes);
    }

    [Fact]
    public async Task Offline_NothingSeenBefore_IsRefused()
    {
        await _registry.Server.DisposeAsync();
        Assert.Equal($"{Refused}\nhint: check the address and your connection", Refusal(await _registry.IndexAsync()));
        Assert.Equal($"{Refused}\nhint: check the address and your connection", Refusal(await _registry.DownloadAsync()));
    }

    [Theory]
    [InlineData("503 Service Unavailable")]
    [InlineData("403 Forbidden")]
    public async Task Online_RefusedByTheServer_IsNotPassedOver(string head)
    {
        await SeeAsync();
        _registry.Server.Lie(IndexPath, head);
        Refusal(await _registry.IndexAsync());
        Assert.Empty(_registry.Notes);
    }

    [Fact]
    public async Task Offline_DocumentsOfOtherKeys_AreNotGoneBy()
    {
        await SeeAsync();
        await _registry.Server.DisposeAsync();
        Refusal(await _registry.Client(keys: [_registry.Author.PublicKey]).IndexAsync(SamplePlugin.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Offline_RememberedDocumentThatWasChanged_IsNotGoneBy()
    {
        await SeeAsync();
        foreach (var file in Directory.EnumerateFiles(_registry.Cache, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            bytes[^2] ^= 1;
            await File.WriteAllBytesAsync(file, bytes);
        }
        // Online, it is asked for anew.
        Value(await _registry.IndexAsync());
        await _registry.Server.DisposeAsync();
        Value(await _registry.IndexAsync());
        Refusal(await _registry.Client().PublisherAsync("acme", CancellationToken.None));
    }

    [Fact]
    public async Task Folder_Honest_IsLikeAServer()
    {
        var files = new FolderRegistryFiles(_registry.Folder);
        await SeeAsync(files);
        var client = _registry.Client(files: files);
        Assert.Equal(Demo.Bytes.ToArray(), Value(await client.DownloadAsync(IndexLine.Of(Demo, Now), _registry.Downloads, _ => { }, CancellationToken.None)).ToArray());
        Assert.Equal(2, Value(await client.SignaturesAsync(Demo.Digest, CancellationToken.None)).Length);
        Assert.Null(Value(await client.IndexAsync(PluginId.Parse("acme.other"), CancellationToken.None)).Value);
        Assert.Empty(_registry.Left);
        Assert.Empty(_registry.Server.Requests);
    }

    [Fact]
    public async Task Folder_NotThere_IsOffline()
    {
        var folder = Path.Combine(_registry.Folder, "mounted");
        var away = Path.Combine(_registry.Folder, "away");
        Directory.CreateDirectory(folder);
        Directory.Move(Path.Combine(_registry.Folder, "v1"), Path.Combine(folder, "v1"));
        var files = new FolderRegistryFiles(folder);
        await SeeAsync(files);

        Directory.Move(folder, away);
        await SeeAsync(files);
        Assert.Equal([$"`{folder}` is not there; going by what it said before"], _registry.Notes);
        _registry.Time.Now = Now.AddDays(30);
        Assert.Equal($"`{folder}` is not there; what it said before has expired\nhint: it may be on a disk that is not connected", Refusal(await _registry.Client(files: files).IndexAsync(SamplePlugin.Id, CancellationToken.None)));
        _registry.Time.Now = Now;

        Directory.Move(away, folder);
        await SeeAsync(files);
        Assert.Single(_registry.Notes);
    }

    [Fact]
    public async Task Folder_FileThatIsTooLong_IsRefused()
    {
        var files = new FolderRegistryFiles(_registry.Folder);
        var path = Path.Combine(_registry.Folder, IndexPath);
        var length = (int)new FileInfo(path).Length;
        Assert.Equal($"`{path}` is longer than the {length - 1:N0} bytes it may have\nhint: tell who keeps the registry", Assert.IsType<Fetched.Refused>(await files.FetchAsync(IndexPath, null, length - 1, CancellationToken.None)).Why.ToString());
        Assert.Equal(await File.ReadAllBytesAsync(path), Assert.IsType<Fetched.File>(await files.FetchAsync(IndexPath, null, length, CancellationToken.None)).Bytes.ToArray());
    }

    [Fact]
    public async Task Folder_DeviceWithoutAnEnd_IsNotReadOn()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = Path.Combine(_registry.Folder, "endless");
        File.CreateSymbolicLink(path, "/dev/zero");
        Assert.Equal($"`{path}` is longer than the 100,000 bytes it may have\nhint: tell who keeps the registry", Assert.IsType<Fetched.Refused>(await new FolderRegistryFiles(_registry.Folder).FetchAsync("endless", null, 100_000, CancellationToken.None)).Why.ToString());
    }

    [Fact]
    public async Task Folder_PackageOfAnotherLength_IsRefused()
    {
        var file = Path.Combine(_registry.Folder, DemoPath);
        await File.WriteAllBytesAsync(file, [.. Demo.Bytes.ToArray(), 0]);
        var client = _registry.Client(files: new FolderRegistryFiles(_registry.Folder));
        Task<Outcome<ReadOnlyMemory<byte>>> DownloadAsync() => client.DownloadAsync(IndexLine.Of(Demo, Now), _registry.Downloads, _ => { }, CancellationToken.None);
        Assert.Equal($"`{file}` has {Demo.Bytes.Length + 1:N0} bytes, not the {Demo.Bytes.Length:N0} that its index says\nhint: tell who keeps the registry", Refusal(await DownloadAsync()));
        File.Delete(file);
        Assert.Equal($"`{file}` is not there, though the registry's index names it\nhint: tell who keeps the registry", Refusal(await DownloadAsync()));
        Assert.Empty(_registry.Left);

        await File.WriteAllBytesAsync(file, Demo.Bytes.ToArray());
        Directory.CreateDirectory(_registry.Downloads);
        await File.WriteAllBytesAsync(_registry.Part, Demo.Bytes[..1000].ToArray());
        Assert.Equal(Demo.Bytes.ToArray(), Value(await DownloadAsync()).ToArray());
        Assert.Empty(_registry.Left);
    }
}
