using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Tests.Supervision;

public sealed class QuarantineFileTests : IDisposable
{
    private const string Id = "acme.test";
    private static readonly PluginId Plugin = PluginId.Parse(Id);

    private readonly string _directory = Directory.CreateTempSubdirectory("lazyoc-quarantine").FullName;
    private readonly List<string> _warnings = [];

    private string File_ => Path.Combine(_directory, "home", "quarantine.json");

    private QuarantineFile Open() => new(File_, _warnings.Add);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Quarantine_AfterARestart_HoldsUntilLiftedForGood()
    {
        await using (var fixture = await HostAsync(_ => throw new GuestException("no start", GuestFaultKind.Trapped, instanceLost: true)))
            await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Quarantined);

        await using (var fixture = await HostAsync(_ => Task.FromResult("{}")))
        {
            Assert.Equal(PluginState.Quarantined, fixture.Status(Id).State);
            Assert.Contains("no start", fixture.Status(Id).Reason, StringComparison.Ordinal);
            Assert.Contains("no start", Assert.IsType<StatusItemState.Faulted>(Assert.Single(fixture.Extensions.StatusItems).State).Failure.Message, StringComparison.Ordinal);
            Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id));
            await fixture.Host.SwitchSessionAsync(fixture.Session());
            Assert.Empty(fixture.Starts);

            Assert.True(fixture.Host.Lift(Plugin));
            await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Active);
        }

        await using var last = await HostAsync(_ => Task.FromResult("{}"));
        await last.UntilAsync(() => last.Status(Id).State == PluginState.Active);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"plugins":null}""")]
    [InlineData("""{"plugins":[null]}""")]
    [InlineData("""{"plugins":[{"plugin":"../../etc","reason":"x","since":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"plugins":[{"plugin":"acme.test","reason":null,"since":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"plugins":[{"plugin":"acme.test","reason":"x","since":"never"}]}""")]
    public void Read_ContentOfAnotherShape_WarnsAndHoldsNothing(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        File.WriteAllText(File_, content);

        Assert.Empty(Open().Read());

        Assert.Contains(File_, Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileBeyondTheLimit_WarnsAndHoldsNothing()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        File.WriteAllText(File_, new string(' ', 300_000) + """{"plugins":[]}""");

        Assert.Empty(Open().Read());

        Assert.Single(_warnings);
    }

    [Fact]
    public void Add_AnotherPlugin_KeepsTheFirst()
    {
        Open().Add(Plugin, "forged", DateTimeOffset.UnixEpoch);
        Open().Add(PluginId.Parse("acme.other"), new string('x', 10_000), DateTimeOffset.UnixEpoch);

        var entries = Open().Read();

        Assert.Empty(_warnings);
        Assert.Equal(new QuarantineEntry { Plugin = Plugin, Reason = "forged", Since = DateTimeOffset.UnixEpoch }, entries[0]);
        Assert.Equal(512, entries[1].Reason.Length);
        Assert.Equal([File_], Directory.GetFiles(Path.GetDirectoryName(File_)!));
    }

    [Fact]
    public void Add_WhereNothingCanBeWritten_Warns()
    {
        Directory.CreateDirectory(File_);

        Open().Add(Plugin, "forged", DateTimeOffset.UnixEpoch);

        Assert.Contains(_warnings, w => w.Contains("cannot be written", StringComparison.Ordinal));
    }

    private async Task<HostFixture> HostAsync(Script script)
    {
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Quarantine = Open();
        return await fixture.With(Id, Permissions.None, script, "onStartup").StartAsync();
    }
}
