using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Runtime.Tests;
using LazyOC.Plugins.Runtime.Tests.Settings;

namespace LazyOC.Plugins.Samples.Tests;

/// <summary>Sample plugins as the build has packed them, with settings, over a simulated cluster.</summary>
internal sealed class Sample : IAsyncDisposable
{
    private readonly SettingsFolder _folder;

    private Sample(HostFixture fixture, SettingsFolder folder) => (Fixture, _folder, Settings) = (fixture, folder, folder.Open());

    public HostFixture Fixture { get; }
    public PluginSettings Settings { get; }
    public ExtensionPoints Extensions => Fixture.Extensions;
    public ScriptedUser User { get; } = new();

    /// <summary>A host with plugins that has not been started.</summary>
    /// <param name="plugins">Folders below <c>plugins/</c>.</param>
    public static Task<Sample> CreateAsync(params string[] plugins) => CreateAsync(new SettingsFolder(), null, plugins);

    /// <summary>A host with plugins that has not been started, over a cluster whose time passes only as it is advanced.</summary>
    /// <param name="clock">The cluster's.</param>
    /// <param name="plugins">Folders below <c>plugins/</c>.</param>
    public static Task<Sample> CreateAsync(SimulatedClock clock, params string[] plugins) => CreateAsync(new SettingsFolder(), clock, plugins);

    /// <summary>Ends the host and makes another one, with what was set and stored, that has not been started; nothing else is to be done with this one.</summary>
    /// <param name="plugins">Folders below <c>plugins/</c>.</param>
    public async Task<Sample> EndAsync(params string[] plugins)
    {
        await Fixture.DisposeAsync();
        return await CreateAsync(_folder, null, plugins);
    }

    private static async Task<Sample> CreateAsync(SettingsFolder folder, SimulatedClock? clock, string[] plugins)
    {
        var fixture = await HostFixture.CreateAsync(clock: clock);
        var sample = new Sample(fixture, folder);
        fixture.Settings = sample.Settings;
        fixture.Data = Path.Combine(sample.Home, "data");
        foreach (var plugin in plugins) fixture.With(Packed(plugin));
        return sample;
    }

    /// <summary>Where settings and stored data are.</summary>
    public string Home => _folder.Home;

    public static async Task<Sample> StartAsync(params string[] plugins) => await (await CreateAsync(plugins)).StartAsync();

    public async Task<Sample> StartAsync(bool readOnly = false)
    {
        await Fixture.StartAsync(readOnly);
        Extensions.UserPrompts = User;
        return this;
    }

    /// <summary>The package that the build has made, with everything granted that it asks for.</summary>
    public static InstalledPlugin Packed(string plugin)
    {
        Assert.True(PluginPackage.Open(File.ReadAllBytes(PackageOf(plugin))).TryGet(out var package, out var problems), Problem.Join(problems));
        return package.ForDevelopment();
    }

    private static string PackageOf(string plugin) => Path.Combine(Repository, "artifacts", "bin", "LazyOC.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "demo-plugins", plugin + ".lzp");

    /// <summary>The repository's root.</summary>
    public static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "LazyOC.slnx"))) folder = folder.Parent!;
            return folder.FullName;
        }
    }

    /// <summary>Lets a plugin have a folder that the user has chosen for it; before the start.</summary>
    public static InstalledPlugin WithFolder(InstalledPlugin plugin, string mount, string folder)
    {
        var granted = plugin.Entry.Granted with { Files = [.. plugin.Entry.Granted.Files.Select(rule => rule.Mount == mount ? rule with { Host = folder } : rule)] };
        return plugin with { Entry = plugin.Entry with { Granted = granted, GrantDigest = granted.ComputeDigest() } };
    }

    /// <summary>Sets a setting as its user does.</summary>
    public void Set(string plugin, string name, object value)
    {
        var manifest = Fixture.Plugins.Single(installed => installed.Manifest.Id == PluginId.Parse(plugin)).Manifest;
        var json = JsonSerializer.SerializeToElement(value);
        Assert.True(Settings.Set(manifest, name, json).TryGet(out _, out var problems), Problem.Join(problems));
    }

    public static ObjectReference Reference(string kind, string name, string group = "", string? ns = "bookstore") => new() { Group = group, Kind = kind, Namespace = ns, Name = name };

    public string PodOf(string app) => (string)Fixture.Cluster.Store.List("v1", "Pod", "bookstore").First(pod => (string?)pod["metadata"]!["labels"]?["app"] == app)["metadata"]!["name"]!;

    /// <summary>What a view shows when its plugin has answered, and nothing of it is under way any more.</summary>
    public async Task<ViewNode> DrawnAsync(ViewSession view)
    {
        await Fixture.UntilAsync(() => view.State is ViewState.Faulted || (view.State is ViewState.Ready ready && !ready.Content.Of<ViewNode.Spinner>().Any()));
        if (view.State is ViewState.Faulted faulted) Assert.Fail($"{faulted.Failure} {string.Join('\n', Fixture.LogLines)}");
        return ((ViewState.Ready)view.State).Content;
    }

    /// <summary>Opens a view for one look at it.</summary>
    public async Task<ViewNode> LookAsync(ViewSession view)
    {
        using (view) return await DrawnAsync(view);
    }

    /// <summary>Operates a view and gives what it shows then.</summary>
    public async Task<ViewNode> InputAsync(ViewSession view, ViewInput input)
    {
        var result = await view.InputAsync(input);
        Assert.True(result is InvocationResult.Done, $"{result} {string.Join('\n', Fixture.LogLines)}");
        return await DrawnAsync(view);
    }

    /// <summary>Fills in a form of a view.</summary>
    public Task<ViewNode> SubmitAsync(ViewSession view, string form, object values) =>
        InputAsync(view, new ViewInput { Node = form, Event = ViewEvent.Submit, Values = JsonSerializer.SerializeToElement(values) });

    /// <summary>Presses a button of a view.</summary>
    public Task<ViewNode> PressAsync(ViewSession view, string button) => InputAsync(view, new ViewInput { Node = button, Event = ViewEvent.Press });

    public async Task RunAsync(string command, JsonElement? inputs = null)
    {
        var result = await Extensions.RunCommandAsync(command, inputs);
        Assert.True(result is InvocationResult.Done, $"{result} {string.Join('\n', Fixture.LogLines)}");
    }

    public async Task<ImmutableArray<ComputedCell>> CellsAsync(string column, params (ObjectReference Object, string?[] Values)[] rows)
    {
        var result = await Extensions.ComputeAsync(column, [.. rows.Select(row => new ComputeRow { Object = row.Object, Values = [.. row.Values] })]);
        return result is ComputeResult.Computed computed ? computed.Cells : throw new Xunit.Sdk.XunitException($"{result}");
    }

    public string Status(string item) => Extensions.StatusItems.Single(shown => shown.Item.Contribution.Id == item).State is StatusItemState.Set set ? set.Text : "";

    public async ValueTask DisposeAsync()
    {
        await Fixture.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Looks into views.</summary>
internal static class ViewNodes
{
    /// <summary>A node and all below it.</summary>
    public static IEnumerable<ViewNode> All(this ViewNode node) => node switch
    {
        ViewNode.Stack stack => [node, .. stack.Children.SelectMany(All)],
        ViewNode.Columns columns => [node, .. columns.Children.SelectMany(All)],
        ViewNode.Tabs tabs => [node, .. tabs.Children.SelectMany(page => page.Content.All())],
        _ => [node],
    };

    public static IEnumerable<T> Of<T>(this ViewNode node) where T : ViewNode => node.All().OfType<T>();

    /// <summary>The texts of a table's rows, cells joined by a bar.</summary>
    public static string[] Texts(this ViewNode.Table table) => [.. table.Rows.Select(row => string.Join(" | ", row.Cells.Select(cell => cell.Text)))];
}
