namespace LazyOC.Plugins.Sandbox;

/// <summary>
/// Guards that a test takes away, one at a time, to show what each is good for: the attack that it stops succeeds then. Nothing
/// but a test can: neither configuration nor policy reaches them.
/// </summary>
internal sealed record GuardsOff
{
    /// <summary>Every guard stands.</summary>
    public static GuardsOff None { get; } = new();

    /// <summary>Whatever token comes with a call counts as that of an action that the user has started.</summary>
    public bool GestureTokens { get; init; }

    /// <summary>Calls that need an action of the user's do without.</summary>
    public bool GestureNeeds { get; init; }

    /// <summary>Arguments are read as well as they can be, unknown keys passed over, and not checked.</summary>
    public bool ArgumentChecks { get; init; }
}
