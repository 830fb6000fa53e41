using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Supervision;

/// <summary>The samples of one profile; each function and each stack is kept once. What is more than it holds is counted.</summary>
internal sealed class SampleTable(RuntimeLimits limits)
{
    private readonly Dictionary<GuestFrame, int> _byIdentity = [];
    private readonly List<GuestFrame> _functions = [];
    private readonly Dictionary<ImmutableArray<int>, int> _byFrames = new(FramesComparer.Instance);
    private readonly List<ImmutableArray<int>> _stacks = [];
    private readonly ImmutableArray<ProfileSample>.Builder _samples = ImmutableArray.CreateBuilder<ProfileSample>();
    private int _frames;
    private int _chars;
    private long _dropped;

    /// <summary>Adds a sample.</summary>
    public void Add(ImmutableArray<GuestFrame> innermostFirst, TimeSpan cpu)
    {
        if (_samples.Count < limits.ProfileSamples && StackOf(innermostFirst) is { } stack) _samples.Add(new ProfileSample(stack, Math.Round(cpu.TotalMilliseconds, 3)));
        else _dropped++;
    }

    /// <summary>What was added. A function whose place was not always known is one, where its name says which.</summary>
    public ProfileStacks Take()
    {
        var placed = _functions.Where(function => function.File is not (null or GuestFrame.Native)).ToLookup(function => function.Name, StringComparer.Ordinal);
        var functions = ImmutableArray.CreateBuilder<GuestFrame>();
        var indexes = new Dictionary<GuestFrame, int>();
        var moved = _functions.ConvertAll(function =>
        {
            if (function.File is null && placed[function.Name].ToArray() is [var only]) function = only;
            if (indexes.TryGetValue(function, out var known)) return known;
            functions.Add(function);
            return indexes[function] = functions.Count - 1;
        });
        return new(functions.DrainToImmutable(), [.. _stacks.Select(stack => stack.Select(function => moved[function]).ToImmutableArray())], _samples.ToImmutable(), _dropped);
    }

    private int? StackOf(ImmutableArray<GuestFrame> innermostFirst)
    {
        var frames = new int[innermostFirst.Length];
        for (var i = 0; i < frames.Length; i++)
        {
            if (FunctionOf(innermostFirst[i]) is not { } function) return null;
            frames[^(i + 1)] = function;
        }
        var key = ImmutableCollectionsMarshal.AsImmutableArray(frames);
        if (_byFrames.TryGetValue(key, out var stack)) return stack;
        if (_frames + frames.Length > limits.ProfileStackFrames) return null;
        _frames += frames.Length;
        _stacks.Add(key);
        return _byFrames[key] = _stacks.Count - 1;
    }

    private int? FunctionOf(GuestFrame frame)
    {
        frame = frame with { Name = Cut(frame.Name), File = frame.File is { } file ? Cut(file) : null };
        // Functions without a name of their own are told apart by where they are.
        var identity = frame.Name.StartsWith('<') ? frame : frame with { Line = 0, Column = 0 };
        if (_byIdentity.TryGetValue(identity, out var known))
        {
            if (frame.Line > 0 && frame.Line < _functions[known].Line) _functions[known] = frame;
            return known;
        }
        var chars = frame.Name.Length + (frame.File?.Length ?? 0);
        if (_functions.Count >= limits.ProfileFunctions || _chars + chars > limits.ProfileFunctionChars) return null;
        _chars += chars;
        _functions.Add(frame);
        return _byIdentity[identity] = _functions.Count - 1;
    }

    private string Cut(string text) => text.Length <= limits.MeasureChars ? text : text[..limits.MeasureChars];

    private sealed class FramesComparer : IEqualityComparer<ImmutableArray<int>>
    {
        public static FramesComparer Instance { get; } = new();

        public bool Equals(ImmutableArray<int> left, ImmutableArray<int> right) => left.AsSpan().SequenceEqual(right.AsSpan());

        public int GetHashCode(ImmutableArray<int> frames)
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(frames.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
