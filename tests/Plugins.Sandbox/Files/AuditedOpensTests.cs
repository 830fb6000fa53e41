using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Tests;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Sandbox.Tests.Files;

/// <summary>What the audit says of files that a guest opens by itself.</summary>
public sealed class AuditedOpensTests : IDisposable
{
    private const string Id = "acme.opener";

    private readonly string _folder = Directory.CreateTempSubdirectory("lazyoc-opens-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Open_ManyTimes_IsEachFileWithItsTargetAndFewLines()
    {
        File.WriteAllText(Path.Combine(_folder, "mine.txt"), "mine");
        var code = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Guests", "Extism", "Fixtures", "opens-often.wasm"));
        await using var fixture = await (await HostFixture.CreateAsync("empty"))
            .WithCode(Id, """{ "files": [{ "mount": "reports", "access": "readwrite" }] }""", code, "main.wasm", grant: asked => asked with { Files = [asked.Files[0] with { Host = _folder }] })
            .StartAsync();

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command"));

        var opens = (await fixture.AuditedAsync(Id)).Where(line => line.Call == "wasi.path_open").ToList();
        Assert.All(opens, line => Assert.Equal(("/mnt/reports/mine.txt", AuditDecision.Done), (line.Target, line.Decision)));
        Assert.Equal(1_000, opens.Where(line => line.Reason == "for reading").Sum(line => line.Count ?? 1));
        Assert.Equal(1, opens.Where(line => line.Reason == "for writing").Sum(line => line.Count ?? 1));
        Assert.True(opens.Count < 100, $"{opens.Count} lines");
    }
}
