using System.Collections.Immutable;

namespace LazyOC.Tui.Screen;

/// <summary>Where a key means something.</summary>
internal enum KeyScope
{
    Global,
    Navigation,
    List,
    Details,
    Page,
}

/// <summary>What keys did.</summary>
internal abstract record KeyMatch
{
    private KeyMatch() { }

    public sealed record Nothing : KeyMatch;

    /// <summary>The beginning of a chord.</summary>
    public sealed record Prefix : KeyMatch;

    public sealed record Found(ScreenCommand Command) : KeyMatch;
}

/// <summary>A key that more than one command asks for; the first one has it.</summary>
/// <param name="Key">The key or chord.</param>
/// <param name="Winner">Who has it.</param>
/// <param name="Loser">Who does not.</param>
internal sealed record KeyClash(string Key, ScreenCommand Winner, ScreenCommand Loser)
{
    /// <inheritdoc/>
    public override string ToString() => $"key `{Key}` of {(object?)Loser.Owner ?? "LazyOC"} for “{Loser.Title}” is taken by {(object?)Winner.Owner ?? "LazyOC"} for “{Winner.Title}”";
}

/// <summary>Which keys run which commands. Immutable. Keys of a panel go before those that work everywhere.</summary>
internal sealed class Keymap
{
    private readonly Dictionary<(KeyScope Context, string Keys), ScreenCommand> _commands = [];
    private readonly HashSet<(KeyScope Context, string Keys)> _prefixes = [];

    /// <param name="commands">Commands in the order of their right to a key; those that the user gave keys go before all others.</param>
    public Keymap(IEnumerable<ScreenCommand> commands)
    {
        var clashes = ImmutableArray.CreateBuilder<KeyClash>();
        foreach (var command in commands.OrderBy(command => command.HasUserKeys ? 0 : 1))
        {
            foreach (var keys in command.Keys)
            {
                if (Taken(command.Scope, keys) is { } winner && winner != command)
                {
                    clashes.Add(new KeyClash(keys, winner, command));
                    continue;
                }
                _commands[(command.Scope, keys)] = command;
                for (var space = keys.IndexOf(' ', StringComparison.Ordinal); space >= 0; space = keys.IndexOf(' ', space + 1))
                    _prefixes.Add((command.Scope, keys[..space]));
            }
        }
        Clashes = clashes.ToImmutable();
    }

    public ImmutableArray<KeyClash> Clashes { get; }

    /// <summary>What keys mean in a context.</summary>
    /// <param name="context">The panel that has the keyboard.</param>
    /// <param name="keys">Key presses in text form, separated by spaces.</param>
    public KeyMatch Match(KeyScope context, string keys)
    {
        if (_commands.TryGetValue((context, keys), out var command) || _commands.TryGetValue((KeyScope.Global, keys), out command))
            return new KeyMatch.Found(command);
        return _prefixes.Contains((context, keys)) || _prefixes.Contains((KeyScope.Global, keys)) ? new KeyMatch.Prefix() : new KeyMatch.Nothing();
    }

    /// <summary>Whose a key is; a key that works everywhere and one of a panel exclude each other for plugins, who must not shadow the screen's own.</summary>
    private ScreenCommand? Taken(KeyScope context, string keys) =>
        _commands.TryGetValue((context, keys), out var same) ? same : context != KeyScope.Global && _commands.TryGetValue((KeyScope.Global, keys), out var global) ? global : null;
}
