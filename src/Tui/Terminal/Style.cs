using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.Terminal;

/// <summary>What a piece of text means; a <see cref="Theme"/> gives it a colour. Status is never colour alone.</summary>
public enum Tone : byte
{
    Plain,
    Muted,
    Strong,
    Accent,
    Ok,
    Warn,
    Error,
    Info,

    /// <summary>Borders and separators.</summary>
    Border,

    /// <summary>Border and title of the focused panel.</summary>
    Focus,

    /// <summary>A key in a key hint.</summary>
    Key,
}

/// <summary>What a piece of text lies on.</summary>
public enum Surface : byte
{
    Base,

    /// <summary>Header and status bar.</summary>
    Bar,

    /// <summary>The selected row of the focused panel.</summary>
    Selected,

    /// <summary>A badge or the current tab.</summary>
    Raised,

    /// <summary>What lies on top of the screen: dialogs, palettes, notices.</summary>
    Overlay,

    /// <summary>A field that takes text.</summary>
    Field,
}

/// <summary>Attributes every terminal can show without colour.</summary>
[Flags]
public enum TextAttributes : byte
{
    None = 0,
    Bold = 1,
    Underline = 2,
}

/// <summary>How a cell looks, in meanings rather than colours.</summary>
/// <param name="Tone">Meaning of the text.</param>
/// <param name="Surface">What it lies on.</param>
/// <param name="Attributes">Bold, underline.</param>
public readonly record struct Style(Tone Tone, Surface Surface = Surface.Base, TextAttributes Attributes = TextAttributes.None)
{
    internal static Style Plain => new(Tone.Plain);
    internal static Style Muted => new(Tone.Muted);
    internal static Style Strong => new(Tone.Strong, Attributes: TextAttributes.Bold);
    internal static Style Accent => new(Tone.Accent);
    internal static Style Error => new(Tone.Error);

    internal Style On(Surface surface) => this with { Surface = surface };
    internal Style Bold() => this with { Attributes = Attributes | TextAttributes.Bold };

    /// <summary>The style of a span that a view tree carries.</summary>
    internal static Style Of(TextStyle style) => style switch
    {
        TextStyle.Muted => Muted,
        TextStyle.Strong => Strong,
        TextStyle.Accent => Accent,
        TextStyle.Ok => new(Tone.Ok),
        TextStyle.Warn => new(Tone.Warn),
        TextStyle.Error => Error,
        TextStyle.Info => new(Tone.Info),
        _ => Plain,
    };
}
