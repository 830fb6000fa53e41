namespace LazyOC.Wasm.Execution;

/// <summary>Copies data and element segments. A dropped segment has length 0.</summary>
/// <remarks>Source: WebAssembly 2.0, §4.4.6 (<c>table.init</c>) and §4.4.7 (<c>memory.init</c>).</remarks>
internal static class Segments
{
    public static void MemoryInit(WasmInstance instance, int segment, int memory, uint target, uint start, uint count)
    {
        var data = instance.DroppedData[segment]
            ? default
            : instance.Module.Definition.Slice(instance.Module.Definition.DataSegments[segment].Data);
        if ((ulong)start + count > (ulong)data.Length || (ulong)target + count > (ulong)instance.Memories[memory].SizeBytes)
            throw new TrapException(TrapCode.MemoryOutOfBounds);
        data.Slice((int)start, (int)count).CopyTo(instance.Memories[memory].GetSpan(target, (int)count));
    }

    public static void TableInit(WasmInstance instance, int segment, int table, uint target, uint start, uint count)
    {
        var elements = instance.Module.Definition.ElementSegments[segment];
        var length = instance.DroppedElements[segment] ? 0 : elements.Length;
        if ((ulong)start + count > (ulong)length)
            throw new TrapException(TrapCode.TableOutOfBounds);
        instance.Tables[table].CheckRange(target, count);
        for (var i = 0u; i < count; i++)
        {
            if (elements.FunctionIndices.Length > 0)
                instance.Tables[table].SetFunction(target + i, instance, (int)elements.FunctionIndices[(int)(start + i)]);
            else
                instance.Tables[table][target + i] = ConstantEvaluator.Evaluate(instance, elements.Expressions[(int)(start + i)]);
        }
    }
}
