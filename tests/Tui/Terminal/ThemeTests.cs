using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Terminal;

public sealed class ThemeTests
{
    public static TheoryData<string> Names => [.. Theme.BuiltIn.Select(theme => theme.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void BuiltIn_TonesOfText_CanBeReadOnEverySurface(string name)
    {
        Assert.Empty(Unreadable(Theme.BuiltIn.Single(theme => theme.Name == name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void FromColors_ThatWouldHideText_StaysReadable(string name)
    {
        var basis = Theme.BuiltIn.Single(theme => theme.Name == name);
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var colors = Enum.GetNames<Tone>().Concat(Enum.GetNames<Surface>()).ToDictionary(key => key, _ => Rgb.Of(random.Next(0x1000000)));
            Assert.Empty(Unreadable(Theme.FromColors("hostile", basis, colors)));
        }
    }

    [Fact]
    public void FromColors_ReadableColors_AreTakenAsTheyAre()
    {
        var theme = Theme.FromColors("acme", Theme.Dark, new Dictionary<string, Rgb> { ["accent"] = Rgb.Of(0xffcc66), ["overlay"] = Rgb.Of(0x101820), ["3"] = default, ["unheard"] = default });
        Assert.Equal("acme", theme.Name);
        Assert.Equal("#ffcc66", theme.Foreground(Style.Accent).ToString());
        Assert.Equal("#101820", theme.Background(new Style(Tone.Plain, Surface.Overlay)).ToString());
        Assert.Equal(Theme.Dark.Foreground(Style.Error), theme.Foreground(Style.Error));
    }

    [Fact]
    public void FromColors_LightSurfaceForADarkBase_KeepsTheBases()
    {
        var theme = Theme.FromColors("acme", Theme.Dark, new Dictionary<string, Rgb> { ["Base"] = Rgb.Of(0xffffff) });
        Assert.Equal(Theme.Dark.Background(Style.Plain), theme.Background(Style.Plain));
        Assert.False(theme.IsLight);
    }

    [Theory]
    [InlineData("#12ab9f", true)]
    [InlineData("12ab9f", false)]
    [InlineData("#12ab9", false)]
    [InlineData("#12ab9g", false)]
    [InlineData("#+2ab9f", false)]
    public void TryParse_Color_TakesSixHexDigits(string text, bool valid)
    {
        Assert.Equal(valid, Rgb.TryParse(text, out var color));
        if (valid)
            Assert.Equal(text, color.ToString());
    }

    private static IEnumerable<string> Unreadable(Theme theme) =>
        from tone in Enum.GetValues<Tone>()
        where tone != Tone.Border
        from surface in Enum.GetValues<Surface>()
        let style = new Style(tone, surface)
        let contrast = Rgb.Contrast(theme.Foreground(style), theme.Background(style))
        where contrast < 4.5
        select $"{tone} on {surface}: {contrast:0.00}";
}
