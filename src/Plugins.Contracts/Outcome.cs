using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace LazyOC.Plugins.Contracts;

/// <summary>One thing that is wrong with a document or a package, for the person who can mend it.</summary>
/// <param name="Where">JSON path, entry or file name; empty when the whole is meant.</param>
/// <param name="Message">What is wrong, continuing a sentence that begins with <paramref name="Where"/>.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record Problem(string Where, string Message, string? Hint = null)
{
    /// <summary>Whether it may pass by itself, as when a server does not answer: the same may work later.</summary>
    public bool MayPass { get; init; }

    /// <summary>Begins the message of a problem of a whole value that has no name yet.</summary>
    internal const string WholeValue = "the value ";

    /// <summary>The sentence and its hint, such as <c>`permissions.kuberntes` is not a known key⏎hint: did you mean `kubernetes`?</c></summary>
    public override string ToString() =>
        (Where.Length == 0 ? Message : $"`{Where}` {Message}") + (Hint is null ? "" : $"\nhint: {Hint}");

    /// <summary>The same problem, its place named within a file.</summary>
    public Problem In(string file) => Where.Length == 0 ? this with { Where = file, Message = $"is refused: {Message}" } : this with { Where = $"{file}: {Where}" };

    /// <summary>The same problem, its place named from a document that holds this one at a path.</summary>
    public Problem Under(string path) => this with
    {
        Where = Where.Length == 0 ? path : Where[0] == '[' ? path + Where : $"{path}.{Where}",
        // What it is about has a name now.
        Message = Where.Length == 0 && Message.StartsWith(WholeValue, StringComparison.Ordinal) ? Message[WholeValue.Length..] : Message,
    };

    /// <summary>All problems as one text, a blank line between them.</summary>
    public static string Join(IEnumerable<Problem> problems) => string.Join("\n\n", problems);
}

/// <summary>What came of reading or doing something that can be refused: a value, or every problem found.</summary>
public abstract record Outcome<T>
{
    private Outcome() { }

    /// <summary>It worked.</summary>
    public sealed record Success(T Value) : Outcome<T>;

    /// <summary>It was refused; there is at least one problem.</summary>
    public sealed record Refused(ImmutableArray<Problem> Problems) : Outcome<T>;

    /// <summary>True with the value, or false with the problems.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, out ImmutableArray<Problem> problems)
    {
        value = this is Success success ? success.Value : default;
        problems = this is Refused refused ? refused.Problems : [];
        return this is Success;
    }

    public static implicit operator Outcome<T>(T value) => new Success(value);

    public static implicit operator Outcome<T>(Problem problem) => new Refused([problem]);

    public static implicit operator Outcome<T>(ImmutableArray<Problem> problems) => new Refused(problems);
}
