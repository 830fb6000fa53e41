using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;

namespace LazyOC.Cli.Commands.Agent;

/// <summary>One line of the agent's log.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Plugin">Who says it; absent for the agent itself.</param>
/// <param name="Message">What.</param>
internal sealed record AgentLine(DateTimeOffset Time, PluginLogLevel Level, PluginId? Plugin, string Message);

/// <summary>The agent's log: lines on standard output, for people or, as JSON, for programs. Thread safe.</summary>
internal sealed class AgentLog(OutputFormat format, TextWriter output, TimeProvider time)
{
    private readonly Lock _gate = new();

    /// <summary>Says something of the agent's own.</summary>
    public void Write(PluginLogLevel level, string message) => Write(null, level, message);

    /// <summary>Says something of a plugin's, or about one.</summary>
    public void Write(PluginId? plugin, PluginLogLevel level, string message)
    {
        var line = new AgentLine(time.GetUtcNow(), level, plugin, message);
        var text = format == OutputFormat.Json ? JsonSerializer.Serialize(line, AgentJson.Default.AgentLine) : Text(line);
        // One whole line after another, whoever writes.
        lock (_gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }

    // A line is a line: what a plugin says in several is written on one.
    private static string Text(AgentLine line) => string.Create(
        CultureInfo.InvariantCulture,
        $"{line.Time:yyyy-MM-ddTHH:mm:ss.fffZ} {line.Level.ToString().ToLowerInvariant(),-5} {line.Plugin?.ToString() ?? "agent"}: {Output.Printable(line.Message.ReplaceLineEndings(" | "))}");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AgentLine))]
internal sealed partial class AgentJson : JsonSerializerContext;
