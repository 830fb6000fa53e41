namespace LazyOC.Wasi;

/// <summary>A file's bytes that are fetched when they are first read, and kept from then on.</summary>
/// <param name="length">How many bytes there are.</param>
/// <param name="fetch">Gives them; null when they cannot be had.</param>
internal sealed class FetchedFile(int length, Func<ReadOnlyMemory<byte>?> fetch)
{
    private ReadOnlyMemory<byte>? _bytes;

    public int Length { get; } = length;

    public bool TryGet(out ReadOnlyMemory<byte> bytes)
    {
        _bytes ??= fetch();
        bytes = _bytes.GetValueOrDefault();
        return _bytes is not null;
    }
}
