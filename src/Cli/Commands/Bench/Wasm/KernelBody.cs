namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>The one function of a kernel's module, as bytes.</summary>
internal sealed class KernelBody
{
    private const int PreambleBytes = 8;
    private const byte CodeSection = 10;

    private KernelBody(byte[] locals, byte[] code) => (Locals, Code) = (locals, code);

    /// <summary>The declarations of the locals.</summary>
    public byte[] Locals { get; }

    /// <summary>The instructions, the last end included.</summary>
    public byte[] Code { get; }

    public static KernelBody Read(string moduleFile)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(moduleFile);
        var at = PreambleBytes;
        while (bytes[at] != CodeSection)
        {
            at++;
            var length = Number(bytes, ref at);
            at += length;
        }

        at++;
        _ = Number(bytes, ref at); // length of the section
        var functions = Number(bytes, ref at);
        if (functions != 1) throw new InvalidOperationException($"{moduleFile} has {functions} functions instead of one");
        var end = Number(bytes, ref at);
        end += at;
        var locals = at;
        for (var runs = Number(bytes, ref at); runs > 0; runs--)
        {
            _ = Number(bytes, ref at);
            at++; // the type
        }

        return new KernelBody(bytes[locals..at].ToArray(), bytes[at..end].ToArray());
    }

    private static int Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var read = bytes[at++];
            value |= (read & 0x7f) << shift;
            if (read < 0x80) return value;
        }
    }
}
