using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LazyOC.Cli.Control;

/// <summary>Lines of JSON over a socket, bounded both ways. One reader and one writer at a time.</summary>
internal sealed class ControlConnection(Socket socket, ControlLimits limits) : IAsyncDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly List<Func<Task>> _whenClosed = [];
    private byte[] _buffer = new byte[4096];
    private int _filled;

    /// <summary>Something lives as long as this connection: it may be silent.</summary>
    public bool KeepsSomething => _whenClosed.Count > 0;

    /// <summary>Does something when the connection has ended, however it ends; for the handler of a request.</summary>
    public void WhenClosed(Func<Task> action) => _whenClosed.Add(action);

    /// <summary>The next line without its end, valid until the next call; null at the end of the connection.</summary>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadLineAsync(int maxBytes, CancellationToken cancellationToken)
    {
        Shift();
        while (true)
        {
            var end = _buffer.AsSpan(0, _filled).IndexOf((byte)'\n');
            if ((end < 0 ? _filled : end) > maxBytes) throw new InvalidDataException($"a line has more than {maxBytes:N0} bytes");
            if (end >= 0)
            {
                _taken = end + 1;
                return _buffer.AsMemory(0, end);
            }
            if (_filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
            var read = await _stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
            if (read == 0) return null;
            _filled += read;
        }
    }

    public async Task WriteLineAsync<T>(T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        if (json.Length > limits.LineBytes) throw new InvalidDataException($"a line would have more than {limits.LineBytes:N0} bytes");
        await _stream.WriteAsync((byte[])[.. json, (byte)'\n'], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        foreach (var action in _whenClosed) await action();
    }

    private int _taken;

    private void Shift()
    {
        _buffer.AsSpan(_taken.._filled).CopyTo(_buffer);
        _filled -= _taken;
        _taken = 0;
    }
}
