using System.Collections.Immutable;
using System.Globalization;

namespace LazyOC.Tui.Terminal;

/// <summary>A colour.</summary>
public readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary><c>#rrggbb</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{R:x2}{G:x2}{B:x2}");

    internal static Rgb Of(int rgb) => new((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
}

/// <summary>Colours of the meanings in <see cref="Style"/>. Immutable.</summary>
public sealed class Theme
{
    private readonly ImmutableArray<Rgb> _tones;
    private readonly ImmutableArray<Rgb> _surfaces;

    private Theme(string name, ReadOnlySpan<(Tone Tone, int Rgb)> tones, ReadOnlySpan<(Surface Surface, int Rgb)> surfaces)
    {
        Name = name;
        var toneColors = new Rgb[Enum.GetValues<Tone>().Length];
        foreach (var (tone, rgb) in tones)
            toneColors[(int)tone] = Rgb.Of(rgb);
        var surfaceColors = new Rgb[Enum.GetValues<Surface>().Length];
        foreach (var (surface, rgb) in surfaces)
            surfaceColors[(int)surface] = Rgb.Of(rgb);
        _tones = [.. toneColors];
        _surfaces = [.. surfaceColors];
    }

    /// <summary>Light text on a dark ground.</summary>
    public static Theme Dark { get; } = new("dark",
        [
            (Tone.Plain, 0xc9d1e0), (Tone.Muted, 0x7a849b), (Tone.Strong, 0xf4f6fb), (Tone.Accent, 0x82aaff), (Tone.Ok, 0x8ccf7e),
            (Tone.Warn, 0xe6b450), (Tone.Error, 0xff7a85), (Tone.Info, 0x5fd3d9), (Tone.Border, 0x434c63), (Tone.Focus, 0x9ee493), (Tone.Key, 0xe5a5ff),
        ],
        [(Surface.Base, 0x12151d), (Surface.Bar, 0x1b202c), (Surface.Selected, 0x2b3650), (Surface.Raised, 0x2a3040), (Surface.Overlay, 0x1e2430), (Surface.Field, 0x0d1017)]);

    /// <summary>Name in the configuration.</summary>
    public string Name { get; }

    /// <summary>Colour of text.</summary>
    public Rgb Foreground(Style style) => _tones[(int)style.Tone];

    /// <summary>Colour of the ground.</summary>
    public Rgb Background(Style style) => _surfaces[(int)style.Surface];
}
