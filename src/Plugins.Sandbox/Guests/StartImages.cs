using LazyOC.Plugins.Sandbox.Guests.JavaScript;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>
/// The guests of one process as they were when their code had been evaluated and nothing had been told to them yet, so that
/// the next instance of the same package starts from there. Thread safe.
/// </summary>
/// <remarks>
/// Keyed by the package's digest and the memory limit; the engine is the same throughout a process. Nothing of a session is
/// in an image: it is taken before the first message. Instances share the image's memory until they write to it. A guest
/// that drew random numbers while its code was evaluated has no image, for all its instances would have drawn the same.
/// The least recently used image goes when there are too many.
/// </remarks>
/// <param name="capacity">How many images are kept; 0 keeps none.</param>
public sealed class StartImages(int capacity = 32) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(Key Key, StartImage Image)> _images = new();
    private bool _isDisposed;

    /// <summary>How many instances started from an image.</summary>
    public int Restored { get; private set; }

    /// <summary>How many images there are.</summary>
    public int Count
    {
        get { lock (_gate) return _images.Count; }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var (_, image) in _images) image.Dispose();
            _images.Clear();
        }
    }

    /// <summary>Makes something of an image; null when there is none. No image goes while it is used.</summary>
    internal T? Use<T>(Key key, Func<StartImage, T> use)
        where T : class
    {
        lock (_gate)
        {
            for (var node = _images.First; node is not null; node = node.Next)
            {
                if (node.Value.Key != key) continue;
                _images.Remove(node);
                _images.AddFirst(node);
                Restored++;
                return use(node.Value.Image);
            }
            return null;
        }
    }

    /// <summary>Whether an image is worth taking.</summary>
    internal bool Wants(Key key)
    {
        lock (_gate) return !_isDisposed && capacity > 0 && _images.All(other => other.Key != key);
    }

    internal void Add(Key key, StartImage image)
    {
        lock (_gate)
        {
            if (_isDisposed || _images.Any(other => other.Key == key))
            {
                image.Dispose();
                return;
            }
            if (_images.Count >= capacity)
            {
                _images.Last!.Value.Image.Dispose();
                _images.RemoveLast();
            }
            _images.AddFirst((key, image));
        }
    }

    /// <param name="Code">Digest of the package.</param>
    /// <param name="MemoryBytes">The limit that the VM was made with.</param>
    internal readonly record struct Key(string Code, long MemoryBytes);
}
