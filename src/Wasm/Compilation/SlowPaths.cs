using System.Reflection.Emit;

namespace LazyOC.Wasm.Compilation;

/// <summary>Rarely taken code of a function, emitted behind the rest so that the usual path falls through.</summary>
/// <remarks>Branches to and from it come with an empty CIL stack.</remarks>
internal sealed class SlowPaths(ILGenerator il)
{
    private readonly List<(Label Start, Label Resume, Action Emit)> _paths = [];

    /// <summary>A label to branch to; behind the function's code <paramref name="emit"/> follows it, then a branch to <paramref name="resume"/>.</summary>
    public Label Add(Label resume, Action emit)
    {
        var start = il.DefineLabel();
        _paths.Add((start, resume, emit));
        return start;
    }

    public void Emit()
    {
        foreach (var (start, resume, emit) in _paths)
        {
            il.MarkLabel(start);
            emit();
            il.Emit(OpCodes.Br, resume);
        }
    }
}
