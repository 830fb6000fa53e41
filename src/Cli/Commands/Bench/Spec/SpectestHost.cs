using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Bench.Spec;

/// <summary>The module <c>spectest</c> that the test scripts import from.</summary>
internal static class SpectestHost
{
    public static WasmLinker AddTo(WasmLinker linker) => linker
        .Define("spectest", "print", () => { })
        .Define("spectest", "print_i32", (int _) => { })
        .Define("spectest", "print_i64", (long _) => { })
        .Define("spectest", "print_f32", (float _) => { })
        .Define("spectest", "print_f64", (double _) => { })
        .Define("spectest", "print_i32_f32", (int _, float _) => { })
        .Define("spectest", "print_f64_f64", (double _, double _) => { })
        .Define("spectest", "global_i32", new WasmGlobal(ValType.I32, isMutable: false, 666))
        .Define("spectest", "global_i64", new WasmGlobal(ValType.I64, isMutable: false, 666L))
        .Define("spectest", "global_f32", new WasmGlobal(ValType.F32, isMutable: false, 666.6f))
        .Define("spectest", "global_f64", new WasmGlobal(ValType.F64, isMutable: false, 666.6))
        .Define("spectest", "table", new WasmTable(ValType.FuncRef, 10, 20))
        .Define("spectest", "memory", new WasmMemory(1, 2));
}
