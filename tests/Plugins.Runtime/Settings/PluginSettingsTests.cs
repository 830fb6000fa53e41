using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Runtime.Settings;

namespace LazyOC.Plugins.Runtime.Tests.Settings;

public sealed class PluginSettingsTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly PluginManifest _manifest = SettingsFolder.Manifest();

    private string File => Path.Combine(_folder.Home, "settings", "acme.test.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_NothingSet_GivesDefaultsAndSaysWhatIsMissing()
    {
        var values = _folder.Open().Of(_manifest);

        Assert.Equal("step=15", Shown(values));
        Assert.Equal("`token` is not set, and the plugin needs it\nhint: `lazyoc plugin settings acme.test set token` sets it", Assert.Single(values.Problems).ToString());
    }

    [Fact]
    public void Set_ThenReadInAnotherProcess_GivesIt()
    {
        var settings = _folder.Open();
        Done(settings.Set(_manifest, "step", SettingsFolder.Json("30")));
        Done(settings.Set(_manifest, "token", SettingsFolder.Json("\"hunter2!\"")));

        var values = _folder.Open().Of(_manifest);

        Assert.Equal("step=30", Shown(values));
        Assert.Equal(["step", "token"], values.Set);
        Assert.Null(values.TextOf("token"));
        Assert.Empty(values.Problems);
        Assert.Equal("hunter2!", _folder.Open().Secrets.Get(_manifest.Id, "token"));
        Assert.DoesNotContain("hunter2!", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void Unset_GoesBackToTheDefault()
    {
        var settings = _folder.Open();
        Done(settings.Set(_manifest, "step", SettingsFolder.Json("30")));
        Done(settings.Set(_manifest, "token", SettingsFolder.Json("\"hunter2!\"")));

        Done(settings.Unset(_manifest, "step"));
        Done(settings.Unset(_manifest, "token"));

        Assert.Equal("step=15", Shown(_folder.Open().Of(_manifest)));
        Assert.Null(_folder.Open().Secrets.Get(_manifest.Id, "token"));
    }

    [Theory]
    [InlineData("stpe", "1", "`stpe` is not a setting of acme.test\nhint: did you mean `step`?")]
    [InlineData("step", "0", "`step` is `0`; expected 1 or more")]
    [InlineData("url", "\"x\"", "`url` is `x`; expected a URI such as `https://example.com`")]
    [InlineData("token", "7", "`token` is not accepted; expected a string")]
    [InlineData("token", "\"abc\"", "`token` has fewer than 4 characters, too few to be kept out of logs")]
    public void Set_WhatTheSchemaRefuses_ChangesNothing(string name, string value, string problem)
    {
        Assert.False(_folder.Open().Set(_manifest, name, SettingsFolder.Json(value)).TryGet(out _, out var problems));

        Assert.Equal(problem, Assert.Single(problems).ToString());
        Assert.Equal("step=15", Shown(_folder.Open().Of(_manifest)));
    }

    [Fact]
    public void Change_OneOfThemRefused_ChangesNone()
    {
        var changes = new Dictionary<string, JsonElement?> { ["step"] = SettingsFolder.Json("30"), ["url"] = SettingsFolder.Json("1") };

        Assert.False(_folder.Open().Change(_manifest, changes).TryGet(out _, out _));
        Assert.Equal("step=15", Shown(_folder.Open().Of(_manifest)));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"step":1,"step":2}""")]
    public void Of_DamagedFile_GivesDefaultsAndTheReason(string content)
    {
        Write(content);

        var values = _folder.Open().Of(_manifest);

        Assert.Equal("step=15", Shown(values));
        Assert.StartsWith($"`{File}` is damaged, so defaults are used", values.Problems[0].ToString(), StringComparison.Ordinal);
        Done(_folder.Open().Set(_manifest, "step", SettingsFolder.Json("30")));
        Assert.Equal("step=30", Shown(_folder.Open().Of(_manifest)));
    }

    [Fact]
    public void Of_ValueThatAnotherVersionTook_GivesTheDefaultAndKeepsTheFile()
    {
        Write("""{"step":"often","old":true,"url":"https://a.example"}""");

        var values = _folder.Open().Of(_manifest);

        Assert.Equal("step=15 url=https://a.example", Shown(values));
        Assert.Equal("`step` is `often`; expected a whole number\nhint: its default is used instead", values.Problems[0].ToString());
        Done(_folder.Open().Set(_manifest, "url", SettingsFolder.Json("\"https://b.example\"")));
        Assert.Contains("\"old\":true", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_OwnAndForeignChanges_AreToldByName()
    {
        var (here, there) = (_folder.Open(), _folder.Open());
        var told = new List<string>();
        using var watching = here.Watch((plugin, names) => told.Add($"{plugin}: {string.Join(' ', names)}"));
        here.Of(_manifest);

        Done(here.Set(_manifest, "step", SettingsFolder.Json("30")));
        Done(here.Set(_manifest, "step", SettingsFolder.Json("30.0")));
        Done(there.Change(_manifest, new Dictionary<string, JsonElement?> { ["url"] = SettingsFolder.Json("\"https://a.example\""), ["token"] = SettingsFolder.Json("\"hunter2!\"") }));
        here.Reload(_manifest.Id);
        here.Reload(_manifest.Id);

        Assert.Equal(["acme.test: step", "acme.test: url token"], told);
        Assert.Equal("step=30 url=https://a.example", Shown(here.Of(_manifest)));
    }

    [Fact]
    public void Delete_ForgetsValuesAndSecrets()
    {
        var settings = _folder.Open();
        Done(settings.Set(_manifest, "step", SettingsFolder.Json("30")));
        Done(settings.Set(_manifest, "token", SettingsFolder.Json("\"hunter2!\"")));

        settings.Delete(_manifest.Id);

        Assert.Equal("step=15", Shown(settings.Of(_manifest)));
        Assert.Empty(_folder.Open().Secrets.NamesOf(_manifest.Id));
        Assert.False(System.IO.File.Exists(File));
    }

    private void Write(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, content);
    }

    private static string Shown(SettingValues values) => string.Join(' ', values.Values.Keys.Select(name => $"{name}={values.TextOf(name)}"));

    private static void Done(Outcome<SettingValues> outcome) => Assert.True(outcome.TryGet(out _, out var problems), Problem.Join(problems.IsDefault ? ImmutableArray<Problem>.Empty : problems));
}
