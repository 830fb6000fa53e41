namespace LazyOC.Wasm.Validation;

/// <summary>What one function calls, noted while it was validated. All of a module's are its call graph.</summary>
/// <param name="Callees">The functions called directly, in the function index space, once for each call.</param>
/// <param name="CallsIndirectly">Whether it calls through a table.</param>
/// <param name="InstructionCount">Instructions of its body.</param>
internal readonly record struct FunctionCalls(int[] Callees, bool CallsIndirectly, int InstructionCount);
