using System.Collections.Immutable;

using LazyOC.Tui.Operations;
using LazyOC.Tui.PluginsScreen;

namespace LazyOC.Tui.Screen;

/// <summary>What a live screen is made of.</summary>
public sealed record LiveScreenOptions
{
    /// <summary>The session it begins with.</summary>
    public required ScreenSession Session { get; init; }

    /// <summary>What to show first; null goes on where the user was in this context.</summary>
    public ViewRequest? Request { get; init; }

    /// <summary>Contexts one may switch to, the current one among them.</summary>
    public ImmutableArray<string> Contexts { get; init; } = [];

    /// <summary>
    /// Opens the session of another context; the one before is not used again. Throws what a cluster client throws when the
    /// context cannot be used; then the screen stays where it is.
    /// </summary>
    public required Func<string, CancellationToken, Task<ScreenSession>> SwitchContext { get; init; }

    /// <summary>Told of a fault of the program's own, with what failed; called on any thread, must return at once.</summary>
    public required Action<string, Exception> Bug { get; init; }

    /// <summary>Where the user was, over restarts; null keeps nothing.</summary>
    public SavedScreen? Saved { get; init; }

    /// <summary>Whether the user is told, the first time, that there is a tour.</summary>
    public bool OffersTour { get; init; }

    /// <summary>The user's own keys; null leaves every command its own.</summary>
    public UserKeys? Keys { get; init; }

    /// <summary>The user's editor, over the terminal of the screen; null leaves out what needs one.</summary>
    public EditText? Editor { get; init; }

    /// <summary>Opens an address in the user's browser, false when it cannot; null when there is none. Called on any thread.</summary>
    public Func<Uri, bool>? Browser { get; init; }

    /// <summary>What the plugins page reads and does; null leaves it out.</summary>
    public PluginsBackend? Plugins { get; init; }
}
