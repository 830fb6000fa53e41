using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>The <c>meta.k8s.io/v1 Table</c> representation of objects.</summary>
internal sealed class TableFormat(ResourceDefinition resource, string includeObject, DateTimeOffset now)
{
    /// <summary>Whether an Accept header asks for a Table before anything else this server has.</summary>
    public static bool IsAsked(string accept)
    {
        foreach (string part in accept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
                return part.Split(';') is [_, .. var parameters] && parameters.Contains("as=Table", StringComparer.OrdinalIgnoreCase) && parameters.Contains("v=v1", StringComparer.Ordinal);
            if (part.StartsWith("*/*", StringComparison.Ordinal))
                return false;
        }

        return false;
    }

    public byte[] Write(IEnumerable<StoredObject> items, long version, string? continueToken = null, long? remaining = null, bool withColumns = true)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", "Table");
            writer.WriteString("apiVersion", "meta.k8s.io/v1");
            Responses.WriteListMetadata(writer, version, continueToken, remaining);
            if (withColumns)
                WriteColumns(writer);
            else
                writer.WriteNull("columnDefinitions");
            writer.WriteStartArray("rows");
            foreach (StoredObject item in items)
                WriteRow(writer, item);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteColumns(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("columnDefinitions");
        foreach (PrinterColumn column in resource.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            writer.WriteString("type", column.Type);
            writer.WriteString("format", column.Format);
            writer.WriteString("description", column.Description);
            writer.WriteNumber("priority", column.Priority);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteRow(Utf8JsonWriter writer, StoredObject item)
    {
        JsonObject tree = item.Parse();
        writer.WriteStartObject();
        writer.WriteStartArray("cells");
        foreach (PrinterColumn column in resource.Columns)
        {
            JsonNode? cell = column.Cell(tree, now);
            if (cell is null)
                writer.WriteNullValue();
            else
                cell.WriteTo(writer);
        }

        writer.WriteEndArray();
        if (includeObject is "Object")
        {
            writer.WritePropertyName("object");
            writer.WriteRawValue(item.Json.Span, skipInputValidation: true);
        }
        else if (includeObject is not "None")
        {
            writer.WriteStartObject("object");
            writer.WriteString("kind", "PartialObjectMetadata");
            writer.WriteString("apiVersion", "meta.k8s.io/v1");
            writer.WritePropertyName("metadata");
            tree["metadata"]!.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
