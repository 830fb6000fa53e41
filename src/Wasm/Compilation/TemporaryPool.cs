using System.Reflection.Emit;

namespace LazyOC.Wasm.Compilation;

/// <summary>CIL locals for values of the operand stack, used again when free.</summary>
internal sealed class TemporaryPool(ILGenerator il)
{
    private readonly Dictionary<Type, Stack<LocalBuilder>> _free = [];

    public LocalBuilder Take(Type type) =>
        _free.TryGetValue(type, out var free) && free.TryPop(out var local) ? local : il.DeclareLocal(type);

    public void Return(LocalBuilder local)
    {
        if (!_free.TryGetValue(local.LocalType, out var free))
            _free.Add(local.LocalType, free = new Stack<LocalBuilder>());
        free.Push(local);
    }
}
