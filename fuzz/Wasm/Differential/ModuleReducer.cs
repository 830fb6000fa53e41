namespace LazyOC.Fuzz.Wasm.Differential;

/// <summary>Makes a module smaller that shows a difference: function bodies become <c>unreachable</c> where the difference stays.</summary>
internal static class ModuleReducer
{
    private const byte CodeSection = 10;

    /// <summary>No locals, <c>unreachable</c>, <c>end</c>.</summary>
    private static readonly byte[] EmptyBody = [0x00, 0x00, 0x0B];

    /// <summary>The module with as few bodies as one pass over them leaves.</summary>
    /// <param name="module">A valid one.</param>
    /// <param name="stillDiffers">Whether a smaller one shows the difference too.</param>
    public static byte[] Reduce(byte[] module, Func<byte[], bool> stillDiffers)
    {
        var bodies = BodiesOf(module);
        for (var i = 0; i < bodies.Count; i++)
        {
            var body = bodies[i];
            bodies[i] = EmptyBody;
            if (!stillDiffers(With(module, bodies)))
                bodies[i] = body;
        }
        return With(module, bodies);
    }

    private static List<byte[]> BodiesOf(ReadOnlySpan<byte> module)
    {
        var bodies = new List<byte[]>();
        var reader = new CodeReader(module) { Position = ModuleShape.PreambleBytes };
        while (!reader.IsAtEnd)
        {
            var id = reader.Byte();
            var content = new CodeReader(reader.Bytes(reader.Number()));
            if (id != CodeSection)
                continue;
            for (var count = content.Number(); count > 0; count--)
                bodies.Add(content.Bytes(content.Number()).ToArray());
        }
        return bodies;
    }

    private static byte[] With(ReadOnlySpan<byte> module, List<byte[]> bodies)
    {
        var code = new CodeWriter();
        code.Number(bodies.Count);
        foreach (var body in bodies)
            code.Sized(body);
        var output = new CodeWriter();
        var reader = new CodeReader(module);
        output.Bytes(reader.Bytes(ModuleShape.PreambleBytes));
        while (!reader.IsAtEnd)
        {
            var id = reader.Byte();
            var content = reader.Bytes(reader.Number());
            output.Byte(id);
            output.Sized(id == CodeSection ? code.ToArray() : content);
        }
        return output.ToArray();
    }
}
