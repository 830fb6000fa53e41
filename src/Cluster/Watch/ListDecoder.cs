using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Watch;

/// <summary>
/// Reads one page of a list while it arrives: each item is handed on and forgotten, so a page never exists as a whole.
/// </summary>
internal sealed class ListDecoder(ClusterLimits limits, Action<JsonElement> onItem)
{
    private enum Expecting
    {
        Root,
        Member,
        Value,
        ItemsArray,
        Item,
        Nothing,
    }

    private Expecting _next = Expecting.Root;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = limits.MaxJsonDepth });
    private string _member = "";

    public string? ResourceVersion { get; private set; }

    /// <summary>Token of the next page; null on the last.</summary>
    public string? Continue { get; private set; }

    /// <exception cref="JsonException">Not a list, or cut off.</exception>
    /// <exception cref="InvalidAnswerException">An item is too large.</exception>
    public async Task ReadAsync(Stream stream, Action progress, CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, minimumReadSize: 16 * 1024));
        try
        {
            while (_next is not Expecting.Nothing)
            {
                var result = await pipe.ReadAsync(cancellationToken);
                progress();
                var consumed = Decode(result.Buffer, result.IsCompleted);
                if (result.Buffer.Slice(consumed).Length > limits.MaxItemBytes)
                    throw new InvalidAnswerException($"the server sent an object larger than {limits.MaxItemBytes} bytes", "narrow the view with a namespace or a selector");
                pipe.AdvanceTo(consumed, result.Buffer.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private SequencePosition Decode(ReadOnlySequence<byte> buffer, bool isFinal)
    {
        var reader = new Utf8JsonReader(buffer, isFinal, _state);
        var before = reader;
        while (_next is not Expecting.Nothing)
        {
            before = reader;
            if (!reader.Read() || !Step(ref reader))
            {
                if (isFinal)
                    throw new JsonException("the list is cut off");
                // Half a value is read again, from its start, when more of it is there.
                _state = before.CurrentState;
                return before.Position;
            }
        }

        return reader.Position;
    }

    /// <summary>Takes the token the reader stands on; false when the value it begins is not complete yet.</summary>
    private bool Step(ref Utf8JsonReader reader)
    {
        switch (_next)
        {
            case Expecting.Root:
                _next = reader.TokenType is JsonTokenType.StartObject ? Expecting.Member : throw new JsonException("a list is an object");
                return true;
            case Expecting.Member when reader.TokenType is JsonTokenType.EndObject:
                _next = Expecting.Nothing;
                return true;
            case Expecting.Member:
                _member = reader.GetString() ?? "";
                _next = _member == "items" ? Expecting.ItemsArray : Expecting.Value;
                return true;
            case Expecting.ItemsArray:
                // Go writes an empty slice that was never made as null.
                _next = reader.TokenType switch
                {
                    JsonTokenType.StartArray => Expecting.Item,
                    JsonTokenType.Null => Expecting.Member,
                    _ => throw new JsonException("`items` is not an array"),
                };
                return true;
            case Expecting.Item when reader.TokenType is JsonTokenType.EndArray:
                _next = Expecting.Member;
                return true;
            default:
                return TakeValue(ref reader);
        }
    }

    private bool TakeValue(ref Utf8JsonReader reader)
    {
        if (!JsonDocument.TryParseValue(ref reader, out var document))
            return false;
        using (document)
        {
            if (_next is Expecting.Item)
            {
                onItem(document.RootElement);
                return true;
            }

            _next = Expecting.Member;
            if (_member == "metadata")
            {
                ResourceVersion = document.RootElement.Text("resourceVersion");
                Continue = document.RootElement.Text("continue") is { Length: > 0 } token ? token : null;
            }

            return true;
        }
    }
}
