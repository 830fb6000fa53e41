using System.Collections.Immutable;
using LazyOC.Tui.Overlays;

namespace LazyOC.Tui.Screen;

/// <summary>
/// Something the user can do: the one source of the keys, the palette, the help and the hints in the status bar.
/// </summary>
/// <param name="Id">Names it in a keymap, such as <c>object.delete</c>.</param>
/// <param name="Title">What it does, in the palette and the help.</param>
/// <param name="Scope">Where its keys work.</param>
/// <param name="Keys">Keys or chords, the first one shown.</param>
internal sealed record ScreenCommand(string Id, string Title, KeyScope Scope, ImmutableArray<string> Keys)
{
    /// <summary>Does it, on the loop.</summary>
    public required Action Run { get; init; }

    /// <summary>Why it cannot be done now; null when it can.</summary>
    public Func<string?> WhyNot { get; init; } = static () => null;

    /// <summary>Its word in the status bar; null leaves it to the help.</summary>
    public string? Hint { get; init; }

    /// <summary>The plugin that contributes it; null for the screen's own.</summary>
    public PluginMark? Owner { get; init; }

    /// <summary>Names that find it in the palette when they are typed whole.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>Whether the user gave it its keys: they go before all others.</summary>
    public bool HasUserKeys { get; init; }

    /// <summary>Whether it is done with the selected objects.</summary>
    public bool IsOnObjects { get; init; }

    /// <summary>Heading in the palette.</summary>
    public string Group { get; init; } = "";
}
