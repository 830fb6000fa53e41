using System.Buffers;
using System.IO.Pipelines;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Transport;

/// <summary>Splits an answer that streams into lines. One reader at a time; a line is valid until the next read.</summary>
internal sealed class LineReader : IAsyncDisposable
{
    private readonly PipeReader _pipe;
    private readonly int _maxLineBytes;
    private readonly bool _splitLongLines;
    private SequencePosition? _consumed;

    private LineReader(PipeReader pipe, int maxLineBytes, bool splitLongLines)
    {
        _pipe = pipe;
        _maxLineBytes = maxLineBytes;
        _splitLongLines = splitLongLines;
    }

    public static async Task<LineReader> OpenAsync(HttpResponseMessage response, int maxLineBytes, bool splitLongLines, CancellationToken cancellationToken) =>
        new(PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken)), maxLineBytes, splitLongLines);

    /// <summary>The next line without its line feed; null at the end.</summary>
    /// <exception cref="InvalidAnswerException">The line is too long and may not be split.</exception>
    public async ValueTask<ReadOnlySequence<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_consumed is { } consumed)
            _pipe.AdvanceTo(consumed);
        _consumed = null;

        while (true)
        {
            var result = await _pipe.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end && buffer.Slice(0, end).Length <= _maxLineBytes)
            {
                _consumed = buffer.GetPosition(1, end);
                return buffer.Slice(0, end);
            }

            if (buffer.Length > _maxLineBytes)
            {
                if (!_splitLongLines)
                    throw new InvalidAnswerException($"the server sent an event larger than {_maxLineBytes} bytes", "narrow the view with a namespace or a selector");
                _consumed = buffer.GetPosition(_maxLineBytes);
                return buffer.Slice(0, _maxLineBytes);
            }

            if (result.IsCompleted)
            {
                _consumed = buffer.End;
                return buffer.IsEmpty ? null : buffer;
            }

            _pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();
}
