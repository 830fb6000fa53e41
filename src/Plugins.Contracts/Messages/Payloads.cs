using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Messages;

/// <summary>Identity of an object; all that a plugin is told of one it may not <c>get</c>.</summary>
public sealed record ObjectReference
{
    public required string Group { get; init; }
    public required string Kind { get; init; }
    public string? Namespace { get; init; }
    public required string Name { get; init; }
    public string? Uid { get; init; }
}

/// <summary>Payload of <c>activate</c>.</summary>
public sealed record ActivatePayload
{
    public required PluginId PluginId { get; init; }
    public required string PluginVersion { get; init; }
    public required string HostApiVersion { get; init; }

    /// <summary>Why now: the activation event that matched.</summary>
    public required string Reason { get; init; }

    public required SessionInfo Session { get; init; }
}

/// <summary>What a plugin may know of its session.</summary>
public sealed record SessionInfo
{
    public required string Context { get; init; }
    public required string User { get; init; }
    public required string Namespace { get; init; }
    public required bool ReadOnly { get; init; }
}

/// <summary>Payload of <c>render</c>: draw <see cref="View"/>, a tab, section, page, card or resource view.</summary>
public sealed record RenderPayload
{
    /// <summary>Id of the contribution.</summary>
    public required string View { get; init; }

    /// <summary>
    /// This one open view, for <c>ui.update</c>: opaque, unique in the session, the same in every <c>render</c> until the
    /// view is closed. One contribution may be open for several objects at once.
    /// </summary>
    public required string Instance { get; init; }

    /// <summary>What a tab, section or view of details is about; absent for a page, card or view of a list.</summary>
    public ObjectReference? Object { get; init; }

    /// <summary>The namespace whose objects a view of a list shows; absent for all of them, and for every other view.</summary>
    public string? Namespace { get; init; }

    /// <summary>Size of the area in cells.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }
}

/// <summary>
/// Payload of <c>input</c>: the user operated an open view; the envelope carries the gesture. The answer is the view as it
/// is now, or <c>null</c> to keep what is shown.
/// </summary>
public sealed record InputPayload
{
    /// <summary>Id of the contribution.</summary>
    public required string View { get; init; }

    /// <summary>This one open view, as in <see cref="RenderPayload.Instance"/>.</summary>
    public required string Instance { get; init; }

    /// <summary>What a tab or section is about; absent for a page or card.</summary>
    public ObjectReference? Object { get; init; }

    /// <summary>Id of the node.</summary>
    public required string Node { get; init; }

    public required ViewEvent Event { get; init; }

    /// <summary>Id of the table's row or of the tree's item.</summary>
    public string? Row { get; init; }

    /// <summary>Id of the row action.</summary>
    public string? Action { get; init; }

    /// <summary>The form's values by field name; they satisfy its fields.</summary>
    public JsonElement? Values { get; init; }
}

/// <summary>Payload of <c>compute</c>: a batch of rows for one computed column; the answer is <see cref="ComputeAnswer"/>.</summary>
public sealed record ComputePayload
{
    /// <summary>Id of the contribution.</summary>
    public required string Column { get; init; }

    /// <summary>The host's clock, RFC 3339.</summary>
    public required DateTimeOffset Now { get; init; }

    public required ImmutableArray<ComputeRow> Rows { get; init; }
}

/// <summary>One row of a <see cref="ComputePayload"/>.</summary>
public sealed record ComputeRow
{
    public required ObjectReference Object { get; init; }

    /// <summary>The values at the contribution's <c>compute</c> paths, in order; null where absent. Empty when the plugin may not <c>get</c> the object.</summary>
    public ImmutableArray<string?> Values { get; init => field = value.OrEmpty(); } = [];
}

/// <summary>Answer to <c>compute</c>: one cell a row, in order.</summary>
public sealed record ComputeAnswer
{
    public required ImmutableArray<ComputedCell> Cells { get; init; }
}

/// <summary>A computed cell.</summary>
public sealed record ComputedCell
{
    public required string Text { get; init; }
    public TextStyle Style { get; init; }

    /// <summary>What to sort by; the text when absent.</summary>
    public double? Sort { get; init; }
}

/// <summary>Payload of <c>action</c>; the envelope carries the gesture.</summary>
public sealed record ActionPayload
{
    /// <summary>Id of the contribution.</summary>
    public required string Action { get; init; }

    public required ImmutableArray<ObjectReference> Objects { get; init; }

    /// <summary>Values of the contribution's inputs, by field name; they satisfy its fields. Absent when it has none.</summary>
    public JsonElement? Inputs { get; init; }
}

/// <summary>Payload of <c>command</c>; the envelope carries the gesture.</summary>
public sealed record CommandPayload
{
    /// <summary>Id of the contribution.</summary>
    public required string Command { get; init; }

    /// <summary>Values of the contribution's inputs, by field name; they satisfy its fields. Absent when it has none.</summary>
    public JsonElement? Inputs { get; init; }
}

/// <summary>Payload of <c>event</c>.</summary>
public sealed record EventPayload
{
    /// <summary>About what all but the data takes.</summary>
    private const int EventHeadBytes = 256;

    public required string Topic { get; init; }

    /// <summary><c>lazyoc</c> for the host, otherwise a plugin id.</summary>
    public required string Publisher { get; init; }

    /// <summary>Counts up per topic and publisher.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required JsonElement Data { get; init; }

    /// <summary>The payload of an event whose data is UTF-8 JSON already.</summary>
    public static byte[] ToUtf8(string topic, string publisher, long sequence, DateTimeOffset time, ReadOnlySpan<byte> data)
    {
        var json = new ArrayBufferWriter<byte>(data.Length + EventHeadBytes);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("topic"u8, topic);
            writer.WriteString("publisher"u8, publisher);
            writer.WriteNumber("sequence"u8, sequence);
            writer.WriteString("time"u8, time);
            writer.WritePropertyName("data"u8);
            writer.WriteRawValue(data, skipInputValidation: true);
            writer.WriteEndObject();
        }
        return json.WrittenSpan.ToArray();
    }
}
