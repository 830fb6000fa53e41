using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>A VM in which nothing runs and nothing is pending, and where the host's own things are in it.</summary>
/// <param name="Snapshot">Its memory.</param>
/// <param name="Context">Address of the context.</param>
/// <param name="ArgumentsAt">Where arguments are put.</param>
/// <param name="LengthAt">Where lengths are answered.</param>
/// <param name="ScratchAt">Where JSON is put.</param>
/// <param name="ScratchBytes">How much of it fits there.</param>
internal sealed record VmImage(WasmSnapshot Snapshot, int Context, uint ArgumentsAt, uint LengthAt, uint ScratchAt, int ScratchBytes);

/// <summary>A plugin's VM after its code has been evaluated, with the prelude's entries.</summary>
internal sealed record StartImage(VmImage Vm, Entries Entries) : IDisposable
{
    public void Dispose() => Vm.Snapshot.Dispose();
}

/// <summary>The functions of the prelude that the host calls.</summary>
internal readonly record struct Entries(JsValue Dispatch, JsValue Settle, JsValue Reseed, JsValue Sample);
