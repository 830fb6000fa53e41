using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Execution;

/// <summary>
/// An element of a function table, as generated code reads it. All zero is the null reference. A function that is not
/// translated yet has no code and the negative of its type id, which equals no type's.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FunctionEntry
{
    public nint Code;
    public nint Context;
    public int TypeId;
    public int FunctionIndex;
}

/// <summary>Where a table's elements are, as generated code reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TableDescriptor
{
    public nint Entries;
    public uint Length;
}

/// <summary>A memory but the first, as generated code reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MemoryEntry
{
    public byte* Base;
    public long Length;
}

/// <summary>What an imported function is called with.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ImportEntry
{
    public nint Code;
    public nint Context;
}

/// <summary>The part of every instance's context that is at the same place in all of them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Context
{
    /// <summary>Guest frames must stay above this address; raised to the top to call for attention.</summary>
    public nuint StackLimit;

    /// <summary>Not 0 when the guest is to be interrupted.</summary>
    public int Interrupt;

    /// <summary>Not 0 when the instance uses fuel.</summary>
    public int IsMetered;

    public long Fuel;

    /// <summary>A weak handle of the <see cref="WasmInstance"/>, which the entry from the host keeps alive.</summary>
    public nint Instance;

    /// <summary>Where the first memory is; those of others are behind the fixed part (<see cref="ContextLayout.MemoryBase"/>).</summary>
    public byte* MemoryBase;

    /// <summary>Size of the first memory, in bytes.</summary>
    public long MemoryLength;

    /// <summary>Where the addresses of the module's functions are; see <see cref="Compilation.CompiledModule.CodeAddresses"/>.</summary>
    public nint CodeAddresses;

    /// <summary>1 as generated code needs it where a literal would be folded away (see <c>FunctionCompiler</c>).</summary>
    public double F64One;

    public float F32One;

    public static WasmInstance InstanceOf(nint context) =>
        (WasmInstance)GCHandle.FromIntPtr(((Context*)context)->Instance).Target!;

}

/// <summary>
/// Where a module's instances keep what generated code needs: <see cref="Context"/>, then one entry for each table,
/// type, imported function, global and further memory. Offsets are in bytes from the context's address.
/// </summary>
/// <remarks>Native memory, because precompiled code cannot know field offsets of another assembly's classes.</remarks>
internal sealed unsafe class ContextLayout
{
    private readonly int _memories;
    private readonly int _tables;
    private readonly int _typeIds;
    private readonly int _imports;
    private readonly int _globals;
    private readonly int _globalBytes;

    public ContextLayout(Module module)
    {
        _memories = sizeof(Context);
        _tables = _memories + (Math.Max(module.Memories.Length - 1, 0) * sizeof(MemoryEntry));
        _imports = _tables + (module.Tables.Length * sizeof(nint));
        _globals = _imports + (module.ImportedFunctionCount * sizeof(ImportEntry));
        // Few modules have a vector among their globals; where there is one, every cell has its size.
        _globalBytes = module.Globals.Any(global => global.Value == ValType.V128) ? sizeof(Vector128<byte>) : sizeof(long);
        _typeIds = _globals + (module.Globals.Length * _globalBytes);
        Size = _typeIds + (module.Types.Length * sizeof(int));
    }

    public int Size { get; }

    public int MemoryBase(int memory) => memory == 0
        ? (int)Marshal.OffsetOf<Context>(nameof(Context.MemoryBase))
        : Memory(memory) + (int)Marshal.OffsetOf<MemoryEntry>(nameof(MemoryEntry.Base));

    public int MemoryLength(int memory) => memory == 0
        ? (int)Marshal.OffsetOf<Context>(nameof(Context.MemoryLength))
        : Memory(memory) + (int)Marshal.OffsetOf<MemoryEntry>(nameof(MemoryEntry.Length));

    /// <summary>Tells an instance where a memory is and how large, in bytes.</summary>
    public void SetMemory(nint context, int memory, byte* start, long length)
    {
        *(byte**)(context + MemoryBase(memory)) = start;
        *(long*)(context + MemoryLength(memory)) = length;
    }

    /// <summary>Address of the table's <see cref="TableDescriptor"/>.</summary>
    public int Table(int table) => _tables + (table * sizeof(nint));

    /// <summary>Process-wide number of the type.</summary>
    public int TypeId(int type) => _typeIds + (type * sizeof(int));

    private int Memory(int memory) => _memories + ((memory - 1) * sizeof(MemoryEntry));

    public int Import(int function) => _imports + (function * sizeof(ImportEntry));

    /// <summary>The value of a global the module defines; the address of an imported one's.</summary>
    public int Global(int global) => _globals + (global * _globalBytes);
}
