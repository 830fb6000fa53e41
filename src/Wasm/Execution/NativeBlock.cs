using System.Runtime.InteropServices;

namespace LazyOC.Wasm.Execution;

/// <summary>Zeroed native memory at a fixed address, freed with the object that owns it.</summary>
internal unsafe class NativeBlock : SafeHandle
{
    private readonly int _bytes;

    public NativeBlock(int bytes)
        : base(0, ownsHandle: true)
    {
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)bytes));
        _bytes = bytes;
        LiveResources.AddBlocks(bytes);
    }

    public override bool IsInvalid => handle == 0;

    public nint Address => handle;

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        LiveResources.AddBlocks(-_bytes);
        return true;
    }
}

/// <summary>The context of an instance, which finds its way back to it.</summary>
internal sealed unsafe class ContextBlock : NativeBlock
{
    private readonly GCHandle _instance;

    public ContextBlock(WasmInstance instance, int bytes)
        : base(bytes)
    {
        // Weak, so that the handle does not keep alive what frees it. Whoever runs guest code holds the instance.
        _instance = GCHandle.Alloc(instance, GCHandleType.Weak);
        ((Context*)Address)->Instance = GCHandle.ToIntPtr(_instance);
        LiveResources.AddInstances(1);
    }

    protected override bool ReleaseHandle()
    {
        _instance.Free();
        LiveResources.AddInstances(-1);
        return base.ReleaseHandle();
    }
}
