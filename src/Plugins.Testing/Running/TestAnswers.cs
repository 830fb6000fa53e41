using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Testing.Running;

/// <summary>Writes what a test is given, in the shapes of <c>sdk/typescript/src/testing.ts</c>.</summary>
internal static class TestAnswers
{
    public static JsonNode? Cells(ImmutableArray<ComputedCell> cells) => JsonSerializer.SerializeToNode(new ComputeAnswer { Cells = cells }, ContractJson.Default.ComputeAnswer)!["cells"]!.DeepClone();

    public static JsonNode Lines(ImmutableArray<ShownLine> lines)
    {
        var answer = new LogLinesAnswer { Lines = [.. lines.Select(line => line.IsHidden ? (LogLineView?)null : new LogLineView { Spans = line.Spans })] };
        var all = JsonSerializer.SerializeToNode(answer, ContractJson.Default.LogLinesAnswer)!["lines"]!.AsArray();
        return new JsonArray([.. all.Select(line => line?["spans"]?.DeepClone())]);
    }

    public static JsonNode Verdict(HookVerdict verdict)
    {
        if (verdict.Denials is [var denial, ..]) return new JsonObject { ["outcome"] = "deny", ["reason"] = denial.Text };
        if (verdict.Patched is { } patched) return new JsonObject { ["outcome"] = "patch", ["object"] = JsonNode.Parse(patched.GetRawText()) };
        return verdict.Warnings is [var warning, ..] ? new JsonObject { ["outcome"] = "warn", ["text"] = warning.Text } : new JsonObject { ["outcome"] = "allow" };
    }

    public static JsonNode Calls(ImmutableArray<RecordedCall> calls, string? name) => new JsonArray(
    [
        .. calls.Where(call => name is null || call.Name == name).Select(call => new JsonObject
        {
            ["call"] = call.Name,
            ["args"] = call.Arguments.ValueKind == JsonValueKind.Undefined ? null : JsonNode.Parse(call.Arguments.GetRawText()),
            ["outcome"] = call.Code ?? "ok",
        }),
    ]);

    public static JsonNode Shown(ImmutableArray<ShownText> shown) => new JsonArray(
    [
        .. shown.Select(one =>
        {
            var entry = new JsonObject { ["what"] = one.What, ["text"] = one.Text };
            if (one.Style is { } style) entry["style"] = JsonNamingPolicy.CamelCase.ConvertName(style.ToString());
            return entry;
        }),
    ]);
}
