using System.Text;
using System.Text.Unicode;
using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>UTF-8 decoding as the Encoding Standard says (§4.1, "decode"), without host memory in proportion to the input.</summary>
internal static class Utf8Repair
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>A string from bytes in guest memory; undefined when they are invalid and <paramref name="isFatal"/>.</summary>
    public static JsValue Decode(QuickJsVm vm, WasmMemory memory, uint address, int length, bool isFatal, bool keepByteOrderMark)
    {
        var bytes = memory.GetSpan(address, length);
        if (!keepByteOrderMark && bytes.StartsWith(ByteOrderMark))
        {
            address += (uint)ByteOrderMark.Length;
            bytes = bytes[ByteOrderMark.Length..];
        }
        if (Utf8.IsValid(bytes))
            return vm.NewStringAt(address, bytes.Length);
        if (isFatal)
            return JsValue.Undefined;

        var repairedLength = RepairedLength(bytes);
        if (repairedLength > int.MaxValue)
            return vm.Throw("the text is too long");
        var repairedAt = vm.Allocate((int)repairedLength);
        Repair(memory.GetSpan(address, bytes.Length), memory.GetSpan(repairedAt, (int)repairedLength));
        var value = vm.NewStringAt(repairedAt, (int)repairedLength);
        vm.Release(repairedAt);
        return value;
    }

    private static long RepairedLength(ReadOnlySpan<byte> bytes)
    {
        var length = 0L;
        while (!bytes.IsEmpty)
        {
            // Invalid sequences decode to U+FFFD, maximal subpart by maximal subpart.
            Rune.DecodeFromUtf8(bytes, out var rune, out var consumed);
            length += rune.Utf8SequenceLength;
            bytes = bytes[consumed..];
        }
        return length;
    }

    private static void Repair(ReadOnlySpan<byte> bytes, Span<byte> repaired)
    {
        while (!bytes.IsEmpty)
        {
            Rune.DecodeFromUtf8(bytes, out var rune, out var consumed);
            repaired = repaired[rune.EncodeToUtf8(repaired)..];
            bytes = bytes[consumed..];
        }
    }
}
