using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Bench.Spec;

/// <summary>A test script of the specification as wabt's <c>wast2json</c> converts it: commands, and modules in files beside it.</summary>
/// <param name="Features">What the group of the script needs beyond WebAssembly 2.0, and nothing else.</param>
/// <param name="Commands">In the order of the script.</param>
internal sealed record SpecScript(WasmFeatures Features, ImmutableArray<ScriptCommand> Commands)
{
    /// <summary>Reads a converted script; the name of its folder is its group.</summary>
    /// <exception cref="InvalidDataException">It is no converted script.</exception>
    public static SpecScript Load(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var commands = document.RootElement.GetProperty("commands").EnumerateArray();
            return new SpecScript(FeaturesOf(Path.GetFileName(folder)), [.. commands.Select(command => ScriptCommand.Parse(command, folder))]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"not a script that wast2json made: {error.Message}", error);
        }
    }

    /// <summary>What a group of scripts is about; in some of them modules are invalid that another feature makes valid.</summary>
    public static WasmFeatures FeaturesOf(string group) => group switch
    {
        "core" => WasmFeatures.None,
        "tail-call" => WasmFeatures.TailCalls,
        "multi-memory" => WasmFeatures.MultipleMemories,
        "extended-const" => WasmFeatures.ExtendedConstants,
        _ => WasmFeatures.All,
    };
}

/// <summary>One command; which properties are set depends on <see cref="Kind"/>, as in wast2json's format.</summary>
internal sealed record ScriptCommand
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

    public required ImmutableArray<ScriptValue> Expected { get; init; }

    public static ScriptCommand Parse(JsonElement json, string folder) => new()
    {
        Kind = Required(json, "type"),
        Line = json.GetProperty("line").GetInt32(),
        File = Optional(json, "filename") is { } file ? Path.Combine(folder, file) : "",
        IsText = string.Equals(Optional(json, "module_type"), "text", StringComparison.Ordinal),
        Name = Optional(json, "name"),
        As = Optional(json, "as"),
        Text = Optional(json, "text") ?? "",
        Action = json.TryGetProperty("action", out var action) ? ScriptAction.Parse(action) : null,
        Expected = json.TryGetProperty("expected", out var expected) ? ScriptValue.ParseAll(expected) : [],
    };

    internal static string Required(JsonElement json, string property) =>
        json.GetProperty(property).GetString() ?? throw new FormatException($"`{property}` is null");

    internal static string? Optional(JsonElement json, string property) =>
        json.TryGetProperty(property, out var value) ? value.GetString() : null;
}

/// <summary>A call of an exported function, or a read of an exported global.</summary>
internal sealed record ScriptAction(bool IsInvoke, string? Module, string Field, ImmutableArray<ScriptValue> Arguments)
{
    public static ScriptAction Parse(JsonElement json) => new(
        string.Equals(json.GetProperty("type").GetString(), "invoke", StringComparison.Ordinal),
        ScriptCommand.Optional(json, "module"),
        ScriptCommand.Required(json, "field"),
        json.TryGetProperty("args", out var arguments) ? ScriptValue.ParseAll(arguments) : []);
}
