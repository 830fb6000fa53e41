using System.Collections.Immutable;
using System.Globalization;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>Reads the stack of a VM between two of its operations, by the prelude's <c>sample</c>. As <see cref="QuickJsVm"/>: one guest thread at a time.</summary>
/// <param name="stacks">Maps it to the plugin's sources.</param>
internal sealed class StackSamples(StackMapper stacks)
{
    private const string FramePrefix = "at ";

    /// <summary>Stands for what only the host's own code in the VM does.</summary>
    private static readonly ImmutableArray<GuestFrame> HostOnly = [new GuestFrame("(lazyoc)")];

    // The same stacks come again and again, and mapping them takes longer than making them.
    private readonly Dictionary<string, ImmutableArray<GuestFrame>> _known = new(StringComparer.Ordinal);

    /// <summary>What runs now, innermost first; null when the guest has no memory or stack left to tell.</summary>
    /// <param name="vm">The VM, within an operation.</param>
    /// <param name="sample">The prelude's function.</param>
    public ImmutableArray<GuestFrame>? Read(QuickJsVm vm, JsValue sample)
    {
        var stack = vm.Call(sample);
        if (stack.IsException)
        {
            vm.Free(vm.TakeException());
            return null;
        }
        var text = vm.ToText(stack, GuestBounds.SampleBytes);
        vm.Free(stack);
        if (_known.TryGetValue(text, out var known)) return known;
        if (_known.Count >= GuestBounds.SampleStacks) _known.Clear();
        return _known[text] = Parse(text);
    }

    private ImmutableArray<GuestFrame> Parse(string text)
    {
        // Above the prelude's function is what it calls.
        var own = text.IndexOf($"({Bytecode.PreludeName}:", StringComparison.Ordinal);
        var rest = own < 0 ? -1 : text.IndexOf('\n', own);
        if (rest < 0 || stacks.Map(text[(rest + 1)..]) is not { } mapped) return HostOnly;
        var frames = ImmutableArray.CreateBuilder<GuestFrame>();
        foreach (var line in mapped.AsSpan().EnumerateLines())
            if (frames.Count < GuestBounds.SampleFrames && line.Trim() is { IsEmpty: false } frame) frames.Add(FrameOf(frame));
        return frames.DrainToImmutable();
    }

    /// <summary>
    /// A frame is <c>at name (file:line:column)</c>, <c>at name (native)</c>, or <c>at name (missing)</c>: the engine notes its place
    /// when it calls or may throw, and what runs on top may not have done so yet.
    /// </summary>
    private static GuestFrame FrameOf(ReadOnlySpan<char> frame)
    {
        if (frame.StartsWith(FramePrefix, StringComparison.Ordinal)) frame = frame[FramePrefix.Length..];
        var open = frame.LastIndexOf(" (", StringComparison.Ordinal);
        if (open < 0 || frame[^1] != ')') return new GuestFrame(Clean(frame));
        if (frame[(open + 1)..] is GuestFrame.Native) return new GuestFrame(Clean(frame[..open]), GuestFrame.Native);
        var name = Clean(frame[..open]);
        var place = frame[(open + 2)..^1];
        return TakeNumber(ref place) is { } column && TakeNumber(ref place) is { } line ? new GuestFrame(name, Clean(place), line, column) : new GuestFrame(name);
    }

    private static int? TakeNumber(ref ReadOnlySpan<char> place)
    {
        var colon = place.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(place[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        place = place[..colon];
        return number;
    }

    private static string Clean(ReadOnlySpan<char> text) => string.Create(text.Length, text, static (clean, text) =>
    {
        for (var i = 0; i < text.Length; i++) clean[i] = char.IsControl(text[i]) ? '?' : text[i];
    });
}
