using System.Numerics;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>
/// A set of what may become of one plugin: state 0 is that it is not in the solution, state n that its nth version is, in
/// ascending order.
/// </summary>
/// <remarks>
/// With absence as a state of its own, PubGrub's positive and negative terms are both plain sets, and what it says of terms is
/// set algebra. Sets of different plugins are never combined, so that both operands have the same number of states.
/// </remarks>
internal readonly struct StateSet : IEquatable<StateSet>
{
    private const int WordBits = 64;

    private readonly ulong _first;

    /// <summary>States from 64 on; null where there are none.</summary>
    private readonly ulong[]? _rest;

    private StateSet(ulong first, ulong[]? rest) => (_first, _rest) = (first, rest);

    public static StateSet All(int states) => Of(states, static _ => true);

    public static StateSet Of(int states, Func<int, bool> includes)
    {
        var first = 0UL;
        var rest = states > WordBits ? new ulong[(states - 1) / WordBits] : null;
        for (var state = 0; state < states; state++)
        {
            if (!includes(state)) continue;
            if (state < WordBits) first |= 1UL << state;
            else rest![(state / WordBits) - 1] |= 1UL << (state % WordBits);
        }
        return new StateSet(first, rest);
    }

    public static StateSet Only(int states, int state)
    {
        var rest = states > WordBits ? new ulong[(states - 1) / WordBits] : null;
        if (state < WordBits) return new StateSet(1UL << state, rest);
        rest![(state / WordBits) - 1] = 1UL << (state % WordBits);
        return new StateSet(0, rest);
    }

    public bool IsEmpty => _first == 0 && (_rest is null || !_rest.AsSpan().ContainsAnyExcept(0UL));

    /// <summary>Whether the plugin may be absent: PubGrub calls such a term negative.</summary>
    public bool HasAbsence => (_first & 1) != 0;

    public int Count
    {
        get
        {
            var count = BitOperations.PopCount(_first);
            foreach (var word in _rest ?? []) count += BitOperations.PopCount(word);
            return count;
        }
    }

    /// <summary>The newest version's state.</summary>
    public int Highest
    {
        get
        {
            for (var word = _rest?.Length ?? 0; word > 0; word--)
                if (_rest![word - 1] != 0) return (word * WordBits) + BitOperations.Log2(_rest[word - 1]);
            return BitOperations.Log2(_first);
        }
    }

    public bool Contains(int state) => ((state < WordBits ? _first : _rest![(state / WordBits) - 1]) >> (state % WordBits) & 1) != 0;

    public StateSet Intersect(StateSet other)
    {
        if (_rest is null) return new StateSet(_first & other._first, null);
        var rest = new ulong[_rest.Length];
        for (var i = 0; i < rest.Length; i++) rest[i] = _rest[i] & other._rest![i];
        return new StateSet(_first & other._first, rest);
    }

    public StateSet Union(StateSet other)
    {
        if (_rest is null) return new StateSet(_first | other._first, null);
        var rest = new ulong[_rest.Length];
        for (var i = 0; i < rest.Length; i++) rest[i] = _rest[i] | other._rest![i];
        return new StateSet(_first | other._first, rest);
    }

    public StateSet Except(StateSet other)
    {
        if (_rest is null) return new StateSet(_first & ~other._first, null);
        var rest = new ulong[_rest.Length];
        for (var i = 0; i < rest.Length; i++) rest[i] = _rest[i] & ~other._rest![i];
        return new StateSet(_first & ~other._first, rest);
    }

    public bool IsSubsetOf(StateSet other)
    {
        if ((_first & ~other._first) != 0) return false;
        for (var i = 0; i < (_rest?.Length ?? 0); i++)
            if ((_rest![i] & ~other._rest![i]) != 0) return false;
        return true;
    }

    public bool Overlaps(StateSet other)
    {
        if ((_first & other._first) != 0) return true;
        for (var i = 0; i < (_rest?.Length ?? 0); i++)
            if ((_rest![i] & other._rest![i]) != 0) return true;
        return false;
    }

    public bool Equals(StateSet other) => _first == other._first && _rest.AsSpan().SequenceEqual(other._rest);

    public override bool Equals(object? obj) => obj is StateSet other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(_first);
        foreach (var word in _rest ?? []) hash.Add(word);
        return hash.ToHashCode();
    }
}
