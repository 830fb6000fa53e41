namespace LazyOC.Cli.Tests;

/// <summary>Addresses are opened by the program that the user has named, as they are.</summary>
public sealed class WebBrowserTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lazyoc-browser-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task TryOpen_ProgramWithArguments_GetsTheAddressWhole()
    {
        var opened = Path.Combine(_folder.FullName, "opened");
        var program = Path.Combine(_folder.FullName, "browser");
        if (OperatingSystem.IsWindows()) return;
        File.WriteAllText(program, $"#!/bin/sh\nprintf '%s\\n' \"$@\" >'{opened}.part'\nmv '{opened}.part' '{opened}'\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.True(BrowserOf(("BROWSER", $"{program} --new *")).TryOpen(new Uri("https://shop.example/?a=$(id)&b=;x \"'")));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!File.Exists(opened)) await Task.Delay(10, patience.Token);
        Assert.Equal(["--new", "*", "https://shop.example/?a=$(id)&b=;x%20%22'"], await File.ReadAllLinesAsync(opened));
    }

    [Fact]
    public void TryOpen_WithoutADesktopOrTheProgram_SaysSo()
    {
        Assert.False(BrowserOf().TryOpen(new Uri("https://shop.example/")));
        Assert.False(BrowserOf(("BROWSER", "no-such-browser")).TryOpen(new Uri("https://shop.example/")));
    }

    private static WebBrowser BrowserOf(params (string Name, string Value)[] environment) => new(name => environment.FirstOrDefault(one => one.Name == name).Value);
}
