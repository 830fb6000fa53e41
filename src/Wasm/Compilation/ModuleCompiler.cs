using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

internal static class ModuleCompiler
{
    public static CompiledModule CompileInMemory(Module module, ContextLayout layout, bool metered) =>
        throw new NotSupportedException("code generation follows");
}

internal static class PersistedModule
{
    public static (Module Module, CompiledModule Code) Open(System.Reflection.Assembly assembly) =>
        throw new NotSupportedException("code generation follows");
}

internal static class StubCompiler
{
    public const string FunctionPointer = "FunctionPointer";
    public const string ImportPointer = "ImportPointer";

    public static int ImportStubIndex(int function, HostCallKind kind) => (function * 3) + (int)kind;

    public static string EntryName(int type) => $"Enter{type}";

    public static string BoxedEntryName(int type) => $"EnterBoxed{type}";
}
