using System.Collections.Immutable;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// Colours of the meanings in <see cref="Style"/>. Every tone of text has a contrast of at least <see cref="MinContrast"/>
/// on every surface, whoever made the theme. Immutable.
/// </summary>
public sealed class Theme
{
    /// <summary>WCAG 2.2 level AA for text.</summary>
    internal const double MinContrast = 4.5;

    /// <summary>White on a darker ground, black on a lighter one has <see cref="MinContrast"/>.</summary>
    private const double Divide = 0.18;

    private readonly ImmutableArray<Rgb> _tones;
    private readonly ImmutableArray<Rgb> _surfaces;

    private Theme(string name, ImmutableArray<Rgb> tones, ImmutableArray<Rgb> surfaces)
    {
        Name = name;
        _tones = tones;
        _surfaces = surfaces;
        IsLight = surfaces[(int)Surface.Base].Luminance > Divide;
    }

    private Theme(string name, ReadOnlySpan<(Tone Tone, int Rgb)> tones, ReadOnlySpan<(Surface Surface, int Rgb)> surfaces)
        : this(name, ByIndex<Tone>(tones), ByIndex<Surface>(surfaces)) { }

    /// <summary>Light text on a dark ground.</summary>
    public static Theme Dark { get; } = new("dark",
        [
            (Tone.Plain, 0xc9d1e0), (Tone.Muted, 0x97a1b8), (Tone.Strong, 0xf4f6fb), (Tone.Accent, 0x8fb3ff), (Tone.Ok, 0x8ccf7e),
            (Tone.Warn, 0xe6b450), (Tone.Error, 0xff8a93), (Tone.Info, 0x5fd3d9), (Tone.Border, 0x434c63), (Tone.Focus, 0x9ee493), (Tone.Key, 0xe5a5ff),
        ],
        [
            (Surface.Base, 0x12151d), (Surface.Bar, 0x1b202c), (Surface.Selected, 0x2b3650),
            (Surface.Raised, 0x2a3040), (Surface.Overlay, 0x1e2430), (Surface.Field, 0x0d1017),
        ]);

    /// <summary>Dark text on a light ground.</summary>
    public static Theme Light { get; } = new("light",
        [
            (Tone.Plain, 0x2b3240), (Tone.Muted, 0x545d6f), (Tone.Strong, 0x0b0f17), (Tone.Accent, 0x1a4fb8), (Tone.Ok, 0x1d642c),
            (Tone.Warn, 0x7a4b00), (Tone.Error, 0xad1420), (Tone.Info, 0x0a5c69), (Tone.Border, 0xb4bccb), (Tone.Focus, 0x17682f), (Tone.Key, 0x7d2a9c),
        ],
        [
            (Surface.Base, 0xfafbfd), (Surface.Bar, 0xeceff5), (Surface.Selected, 0xd3e1fb),
            (Surface.Raised, 0xdfe4ee), (Surface.Overlay, 0xf1f4fa), (Surface.Field, 0xffffff),
        ]);

    /// <summary>Pure colours on black, with borders as clear as text.</summary>
    public static Theme HighContrast { get; } = new("high-contrast",
        [
            (Tone.Plain, 0xffffff), (Tone.Muted, 0xd6d6d6), (Tone.Strong, 0xffffff), (Tone.Accent, 0x8ec8ff), (Tone.Ok, 0x6dff6d),
            (Tone.Warn, 0xffe14d), (Tone.Error, 0xff9d9d), (Tone.Info, 0x6df6ff), (Tone.Border, 0xbdbdbd), (Tone.Focus, 0xffe14d), (Tone.Key, 0xffb3ff),
        ],
        [
            (Surface.Base, 0x000000), (Surface.Bar, 0x1a1a1a), (Surface.Selected, 0x003a8c),
            (Surface.Raised, 0x333333), (Surface.Overlay, 0x0d0d0d), (Surface.Field, 0x000000),
        ]);

    /// <summary>The themes that are always there.</summary>
    public static ImmutableArray<Theme> BuiltIn { get; } = [Dark, Light, HighContrast];

    /// <summary>Name in the configuration.</summary>
    public string Name { get; }

    /// <summary>Whether the ground is light.</summary>
    public bool IsLight { get; }

    /// <summary>
    /// A theme that differs from another in some colours. A surface on the other side of light and dark than the base's
    /// is left out, and a tone that could not be read is moved towards white or black until it can: no theme hides a question.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="base">What gives all other colours.</param>
    /// <param name="colors">Colours by the name of a <see cref="Tone"/> or <see cref="Surface"/>, in any case; names of later versions are ignored.</param>
    public static Theme FromColors(string name, Theme @base, IReadOnlyDictionary<string, Rgb> colors)
    {
        var surfaces = @base._surfaces.ToArray();
        var tones = @base._tones.ToArray();
        foreach (var (key, color) in colors)
        {
            if (Named<Surface>(key) is { } surface && color.Luminance > Divide == @base.IsLight)
                surfaces[(int)surface] = color;
            else if (Named<Tone>(key) is { } tone)
                tones[(int)tone] = color;
        }
        for (var tone = Tone.Plain; (int)tone < tones.Length; tone++)
        {
            if (tone != Tone.Border)
                tones[(int)tone] = Legible(tones[(int)tone], surfaces, @base.IsLight);
        }
        return new Theme(name, [.. tones], [.. surfaces]);
    }

    /// <summary>Colour of text.</summary>
    public Rgb Foreground(Style style) => _tones[(int)style.Tone];

    /// <summary>Colour of the ground.</summary>
    public Rgb Background(Style style) => _surfaces[(int)style.Surface];

    private static Rgb Legible(Rgb tone, Rgb[] surfaces, bool light)
    {
        const int Steps = 16;
        var end = light ? Rgb.Of(0x000000) : Rgb.Of(0xffffff);
        for (var step = 0; step < Steps; step++)
        {
            var candidate = tone.Towards(end, (double)step / Steps);
            if (Array.TrueForAll(surfaces, surface => Rgb.Contrast(candidate, surface) >= MinContrast))
                return candidate;
        }
        return end;
    }

    private static T? Named<T>(string name) where T : struct, Enum =>
        Enum.TryParse<T>(name, ignoreCase: true, out var value) && value.ToString().Equals(name, StringComparison.OrdinalIgnoreCase) ? value : null;

    private static ImmutableArray<Rgb> ByIndex<T>(ReadOnlySpan<(T Key, int Rgb)> colors) where T : struct, Enum
    {
        var byIndex = new Rgb[Enum.GetValues<T>().Length];
        foreach (var (key, rgb) in colors)
            byIndex[Convert.ToInt32(key, System.Globalization.CultureInfo.InvariantCulture)] = Rgb.Of(rgb);
        return [.. byIndex];
    }
}
