using System.Text;

namespace LazyOC.Wasm.Binary;

/// <summary>Instruction names as the text format spells them, for messages.</summary>
internal static class OpcodeNames
{
    /// <summary>The name of an instruction: <c>i64.load32_u</c>, <c>br_if</c>; a number when it has none.</summary>
    public static string Text(this Opcode opcode)
    {
        if (opcode == Opcode.SelectTyped)
            return "select";
        if (!Enum.IsDefined(opcode))
            return $"0x{(ushort)opcode:x2}";

        // The enumeration's names are the specification's words in Pascal case: the first word of a dotted name is
        // the type or the object it works on.
        var text = new StringBuilder();
        var isFirstWord = true;
        foreach (var letter in opcode.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append(isFirstWord && IsSubject(text.ToString()) ? '.' : '_');
                isFirstWord = false;
            }
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }

    private static bool IsSubject(string word) =>
        word is "i32" or "i64" or "f32" or "f64" or "v128"
            or "i8x16" or "i16x8" or "i32x4" or "i64x2" or "f32x4" or "f64x2"
            or "local" or "global" or "table" or "memory" or "ref" or "elem" or "data";
}
