namespace LazyOC.Cli.Commands.Bench.Spec;

/// <summary>
/// Whether a refusal says what the specification's interpreter says. Its scripts give the beginning of a message, and so
/// does the engine: what follows says more.
/// </summary>
internal static class SpecWording
{
    /// <summary>Where the two notice the same defect by something else.</summary>
    private static readonly (string Theirs, string Ours)[] Aliases =
    [
        // The interpreter reads on beyond the end of a section or body, and compares sizes afterwards; the engine stops there.
        ("END opcode expected", "unexpected end of section or function"),
        ("integer representation too long", "unexpected end of section or function"),
        ("length out of bounds", "unexpected end of section or function"),
        ("section size mismatch", "unexpected end of section or function"),
        // The engine compares a count with the bytes of the section that are left before it reads an entry.
        ("unexpected end of section or function", "length out of bounds"),
        // `wast2json` writes a `select` with an empty list of types as one without.
        ("invalid result arity", "type mismatch: `select` needs an operand"),
    ];

    /// <summary>Compares a message with what a script expects.</summary>
    public static bool Fits(string message, string expected) =>
        message.StartsWith(expected, StringComparison.Ordinal)
        || Array.Exists(Aliases, alias => string.Equals(alias.Theirs, expected, StringComparison.Ordinal) && message.StartsWith(alias.Ours, StringComparison.Ordinal));
}
