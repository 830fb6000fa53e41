using System.Reflection;
using LazyOC.Wasm.Execution;
using LazyOC.Wasm.Validation;

namespace LazyOC.Wasm.Compilation;

/// <summary>What the functions of a module share while they are translated.</summary>
internal sealed class CodeUnit
{
    public CodeUnit(Binary.Module module, ContextLayout layout, FunctionCalls[] calls, bool isMetered)
    {
        Module = module;
        Layout = layout;
        IsMetered = isMetered;
        Calls = calls;
        Names = new GuestMethodNames(module);
        IsChecked = CheckPlacement.Place(module, calls);
        DirectCallees = new MethodInfo?[module.Bodies.Length];
    }

    /// <summary>The validated module.</summary>
    public Binary.Module Module { get; }

    /// <summary>Where instances keep their state.</summary>
    public ContextLayout Layout { get; }

    /// <summary>Whether code uses fuel.</summary>
    public bool IsMetered { get; }

    /// <summary>For each function the module defines, what it calls.</summary>
    public FunctionCalls[] Calls { get; }

    /// <summary>For each function the module defines, whether it checks stack and interrupt when it is entered.</summary>
    public bool[] IsChecked { get; }

    public GuestMethodNames Names { get; }

    /// <summary>
    /// For each function the module defines, the method that code which is translated now calls for it;
    /// <see langword="null"/> when it is called through the array of code addresses (<see cref="LazyModule"/>).
    /// </summary>
    public MethodInfo?[] DirectCallees { get; }
}
