using System.Collections.Immutable;
using System.Text.Json;

namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>The commands of one converted test script.</summary>
internal sealed record Script(string Name, ImmutableArray<Command> Commands)
{
    public static Script Load(string group, string name)
    {
        var path = Testsuite.PathOf(group, name);
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var folder = Path.GetDirectoryName(path)!;
        return new Script(name, [.. document.RootElement.GetProperty("commands").EnumerateArray().Select(command => Command.Parse(command, folder))]);
    }
}

/// <summary>One command; which properties are set depends on <see cref="Kind"/>, as in wast2json's format.</summary>
internal sealed record Command
{
    public required string Kind { get; init; }

    public required int Line { get; init; }

    /// <summary>Path of the module; empty for commands without one.</summary>
    public required string File { get; init; }

    /// <summary>Whether the module is text, which needs a parser this engine does not have.</summary>
    public required bool IsText { get; init; }

    public required string? Name { get; init; }

    public required string? As { get; init; }

    /// <summary>What the specification's interpreter says.</summary>
    public required string Text { get; init; }

    public required ScriptAction? Action { get; init; }

    public required ImmutableArray<Expectation> Expected { get; init; }

    public static Command Parse(JsonElement json, string folder) => new()
    {
        Kind = json.GetProperty("type").GetString()!,
        Line = json.GetProperty("line").GetInt32(),
        File = Optional(json, "filename") is { } file ? Path.Combine(folder, file) : "",
        IsText = string.Equals(Optional(json, "module_type"), "text", StringComparison.Ordinal),
        Name = Optional(json, "name"),
        As = Optional(json, "as"),
        Text = Optional(json, "text") ?? "",
        Action = json.TryGetProperty("action", out var action) ? ScriptAction.Parse(action) : null,
        Expected = json.TryGetProperty("expected", out var expected) ? Expectation.ParseAll(expected) : [],
    };

    internal static string? Optional(JsonElement json, string property) =>
        json.TryGetProperty(property, out var value) ? value.GetString() : null;
}

/// <summary>A call of an exported function, or a read of an exported global.</summary>
internal sealed record ScriptAction(bool IsInvoke, string? Module, string Field, ImmutableArray<Expectation> Arguments)
{
    public static ScriptAction Parse(JsonElement json) => new(
        string.Equals(json.GetProperty("type").GetString(), "invoke", StringComparison.Ordinal),
        Command.Optional(json, "module"),
        json.GetProperty("field").GetString()!,
        json.TryGetProperty("args", out var arguments) ? Expectation.ParseAll(arguments) : []);
}

/// <summary>A value or a pattern of values: bits in decimal, <c>nan:canonical</c>, <c>nan:arithmetic</c>, <c>null</c>.</summary>
internal sealed record Expectation(string Type, string? Value)
{
    public static ImmutableArray<Expectation> ParseAll(JsonElement json) => [.. json.EnumerateArray().Select(Parse)];

    // Lanes of vectors come as an array, which is kept as text: vectors are on the list of known failures.
    private static Expectation Parse(JsonElement json) => new(
        json.GetProperty("type").GetString()!,
        json.TryGetProperty("value", out var value) ? value.ToString() : null);
}
