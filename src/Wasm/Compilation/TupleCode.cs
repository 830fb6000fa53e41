using System.Reflection.Emit;

namespace LazyOC.Wasm.Compilation;

/// <summary>CIL for value tuples, in which a function's results are when there are several.</summary>
internal static class TupleCode
{
    private const int ItemsPerLevel = 7;

    /// <summary>Makes a tuple of the values on the CIL stack.</summary>
    public static void EmitCreate(ILGenerator il, Type tuple)
    {
        // The innermost rest is made of the topmost values, so it comes first.
        var arguments = tuple.GetGenericArguments();
        if (arguments.Length > ItemsPerLevel)
            EmitCreate(il, arguments[ItemsPerLevel]);
        il.Emit(OpCodes.Newobj, tuple.GetConstructor(arguments)!);
    }

    /// <summary>Loads an item; the tuple's address is on the CIL stack.</summary>
    public static void EmitLoadItem(ILGenerator il, Type tuple, int index)
    {
        while (index >= ItemsPerLevel)
        {
            il.Emit(OpCodes.Ldflda, tuple.GetField("Rest")!);
            tuple = tuple.GetGenericArguments()[ItemsPerLevel];
            index -= ItemsPerLevel;
        }
        il.Emit(OpCodes.Ldfld, tuple.GetField($"Item{index + 1}")!);
    }
}
