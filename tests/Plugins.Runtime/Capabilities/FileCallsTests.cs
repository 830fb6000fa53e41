using System.Text;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Files;
using FileAccess = LazyOC.Plugins.Contracts.Permissions.FileAccess;

namespace LazyOC.Plugins.Runtime.Tests.Capabilities;

/// <summary><c>files.*</c> as a JavaScript plugin on the real engine uses it.</summary>
public sealed class FileCallsTests : IDisposable
{
    private const string Id = "acme.files";

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-filecalls-").FullName;

    private string Folder => Directory.CreateDirectory(Path.Combine(_home, "reports")).FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Calls_OnEachTree_DoWhatTheySay()
    {
        await using var fixture = await StartAsync(FileAccess.ReadWrite, """
            await call("files.write", { path: "/tmp/a/b", data: "text €" });
            await call("files.write", { path: "/mnt/reports/2026/x.bin", data: { base64: "AAEC" } });
            await call("files.rename", { path: "/mnt/reports/2026/x.bin", to: "/mnt/reports/y.bin" });
            const { data, size } = await call("files.read", { path: "/mnt/reports/y.bin", offset: 1 });
            const { entries } = await call("files.list", { path: "/mnt/reports" });
            const { kind } = await call("files.stat", { path: "/tmp/a" });
            await call("files.delete", { path: "/mnt/reports/2026" });
            const own = await call("files.read", { path: "/plugin/data.txt" });
            return [data.base64, size, entries.map((entry) => entry.name + " " + entry.kind + " " + entry.size).sort().join(","), kind, own.data.base64].join("|");
            """);

        var text = await TextAsync(fixture);

        Assert.Matches("^AQI=\\|3\\|2026 folder [0-9]+,y.bin file 3\\|folder\\|cGFja2FnZQ==$", text);
        Assert.Equal([0, 1, 2], File.ReadAllBytes(Path.Combine(Folder, "y.bin")));
        Assert.False(Directory.Exists(Path.Combine(Folder, "2026")));
    }

    [Fact]
    public async Task Calls_OnAMount_AreAuditedBeforeAndAfterAndOthersCounted()
    {
        await using var fixture = await StartAsync(FileAccess.ReadWrite, """
            await call("files.write", { path: "/mnt/reports/x", data: "the body" });
            await call("files.read", { path: "/mnt/reports/x" });
            await call("files.write", { path: "/tmp/x", data: "x" });
            return "done";
            """);
        Assert.Equal("done", await TextAsync(fixture));

        var lines = (await fixture.AuditedAsync(Id)).Where(line => line.Call.StartsWith("files.", StringComparison.Ordinal)).ToList();

        Assert.Equal(
            [("files.write", AuditDecision.Intent), ("files.write", AuditDecision.Done), ("files.read", AuditDecision.Intent), ("files.read", AuditDecision.Done)],
            lines.Where(line => line.Decision is AuditDecision.Intent or AuditDecision.Done).Select(line => (line.Call, line.Decision)));
        Assert.Contains("/mnt/reports/x 8 bytes sha256-", lines[0].Target, StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => $"{line.Target}{line.Reason}".Contains("the body", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("files.write", """{ "path": "/mnt/reports/x", "data": "x" }""")]
    [InlineData("files.delete", """{ "path": "/mnt/reports/there" }""")]
    [InlineData("files.rename", """{ "path": "/mnt/reports/there", "to": "/mnt/reports/x" }""")]
    public async Task Change_WithReadAccess_IsRefusedAtTheDoor(string call, string arguments)
    {
        File.WriteAllText(Path.Combine(Folder, "there"), "there");
        var code = $$"""try { await call("{{call}}", {{arguments}}); return "changed"; } catch (error) { return error.code; }""";

        await using (var reading = await StartAsync(FileAccess.Read, code)) Assert.Equal("permission-denied", await TextAsync(reading));
        Assert.Equal("there", File.ReadAllText(Path.Combine(Folder, "there")));
        await using var writing = await StartAsync(FileAccess.ReadWrite, code);
        Assert.Equal("changed", await TextAsync(writing));
    }

    [Theory]
    [InlineData("/mnt/other/x", "permission-denied")]
    [InlineData("/mnt/Reports/there", "permission-denied")]
    [InlineData("/tmp/../mnt/reports/there", "invalid")]
    [InlineData("/etc/passwd", "not-found")]
    [InlineData("mnt/reports/there", "invalid")]
    [InlineData("/mnt/reports/there", "read")]
    public async Task Read_PathOfAnotherTree_IsRefused(string path, string expected)
    {
        File.WriteAllText(Path.Combine(Folder, "there"), "there");
        await using var fixture = await StartAsync(FileAccess.ReadWrite, $$"""try { await call("files.read", { path: "{{path}}" }); return "read"; } catch (error) { return error.code; }""");

        Assert.Equal(expected, await TextAsync(fixture));
    }

    [Theory]
    [InlineData("/mnt/reports/../other/x")]
    [InlineData("/mnt/reports/there\\u0000.txt")]
    public async Task Read_PathThatOnlyAnEscapeHas_IsRefusedAndQuarantines(string path)
    {
        await using var fixture = await StartAsync(FileAccess.ReadWrite, $$"""await call("files.read", { path: "{{path}}" }); return "read";""");

        Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id));

        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Quarantined);
    }

    [Fact]
    public async Task Read_MountThatIsForbidden_SaysSoAndLogsIt()
    {
        const string code = """try { await call("files.read", { path: "/mnt/reports/there" }); return "read"; } catch (error) { return error.code + ": " + error.message; }""";
        File.WriteAllText(Path.Combine(Folder, "there"), "there");

        await using (var fixture = await StartAsync(FileAccess.ReadWrite, code, new MountRules("", [_home])))
        {
            Assert.StartsWith("unavailable: `/mnt/reports` is not there", await TextAsync(fixture), StringComparison.Ordinal);
            Assert.Contains(fixture.LogLines, line => line.Contains("never given to plugins", StringComparison.Ordinal));
        }
        await using var control = await StartAsync(FileAccess.ReadWrite, code);
        Assert.Equal("read", await TextAsync(control));
    }

    private async Task<HostFixture> StartAsync(FileAccess access, string code, MountRules? rules = null)
    {
        var fixture = await HostFixture.CreateAsync("empty");
        if (rules is not null) fixture.Mounts = rules;
        var plugin = fixture.Code(Id, "1.0.0", Permissions.None, $$"""
            const call = (name, args) => lazyoc.call(name, args);
            lazyoc.on("render", async () => ({ type: "empty", message: await (async () => { {{code}} })() }));
            """);
        var granted = new PermissionSet { Files = [new FileRule { Mount = "reports", Access = access, Host = Folder }] };
        return await fixture.With(plugin with
        {
            Entry = plugin.Entry with { Granted = granted, GrantDigest = granted.ComputeDigest() },
            Content = PackageContent.Of([new("data.txt", Encoding.UTF8.GetBytes("package"))]),
        }).StartAsync();
    }

    private static async Task<string> TextAsync(HostFixture fixture) =>
        Assert.IsType<ViewNode.Empty>(Assert.IsType<ViewState.Ready>(await fixture.OpenTabAsync(Id)).Content).Message;
}
