using System.Text;

namespace LazyOC.Wasm.Tests.Binary;

/// <summary>Writes modules byte by byte, so that tests can write broken ones.</summary>
internal sealed class ModuleBytes
{
    private readonly List<byte> _bytes = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00];

    /// <summary>A module with one type [] -> [], one function of it and this code (locals and instructions).</summary>
    public static byte[] WithFunction(params byte[] body) =>
        new ModuleBytes().Section(1, 1, 0x60, 0, 0).Section(3, 1, 0).Section(10, [1, .. Sized(body)]).ToArray();

    public static byte[] Sized(params byte[] content) => [.. Leb((uint)content.Length), .. content];

    public static byte[] Name(string name) => Sized(Encoding.UTF8.GetBytes(name));

    public static byte[] Leb(uint value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    public ModuleBytes Section(byte id, params byte[] content)
    {
        _bytes.Add(id);
        _bytes.AddRange(Sized(content));
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
