using System.Diagnostics.CodeAnalysis;

namespace LazyOC.Wasi;

/// <summary>The guest's descriptors by number; a new one takes the lowest free number.</summary>
internal sealed class DescriptorTable(int limit)
{
    private readonly List<Descriptor?> _descriptors = [];

    public bool TryGet(int number, [NotNullWhen(true)] out Descriptor? descriptor)
    {
        descriptor = (uint)number < (uint)_descriptors.Count ? _descriptors[number] : null;
        return descriptor is not null;
    }

    /// <summary>Whether <see cref="Add"/> would find no number.</summary>
    public bool IsFull => _descriptors.Count >= limit && !_descriptors.Contains(null);

    /// <summary>Takes a descriptor in; there must be a free number.</summary>
    public int Add(Descriptor descriptor)
    {
        var free = _descriptors.IndexOf(null);
        if (free >= 0)
        {
            _descriptors[free] = descriptor;
            return free;
        }
        _descriptors.Add(descriptor);
        return _descriptors.Count - 1;
    }

    public bool Close(int number)
    {
        if (!TryGet(number, out var descriptor))
            return false;
        _descriptors[number] = null;
        descriptor.Close();
        return true;
    }

    public void CloseAll()
    {
        for (var number = 0; number < _descriptors.Count; number++)
            Close(number);
    }

    /// <summary>Gives a descriptor the number of another one, which is closed.</summary>
    public bool Renumber(int from, int to)
    {
        if (!TryGet(from, out var moved) || !TryGet(to, out var replaced))
            return false;
        if (from == to)
            return true;
        _descriptors[from] = null;
        _descriptors[to] = moved;
        replaced.Close();
        return true;
    }
}
