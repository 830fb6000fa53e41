using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Compilation;

namespace LazyOC.Wasm.Validation;

/// <summary>Decides whether a decoded module is valid. No code may be generated from a module that has not passed.</summary>
/// <remarks>Source: WebAssembly 2.0, §3.4 and the algorithm of its appendix A.</remarks>
internal sealed class Validator
{
    private readonly Module _module;
    private readonly WasmLimits _limits;
    private readonly TranslationBudget.Spending _spending;
    private readonly bool[] _declaredFunctions;

    private Validator(Module module, WasmLimits limits, TranslationBudget.Spending spending)
    {
        _module = module;
        _limits = limits;
        _spending = spending;
        _declaredFunctions = new bool[module.Functions.Length];
    }

    /// <summary>Checks everything the specification demands of a module before it may be instantiated.</summary>
    /// <param name="module">The module.</param>
    /// <param name="limits">What it may ask for.</param>
    /// <param name="budget">The time it may take, shared with the translation of its functions.</param>
    /// <returns>For each function the module defines, what it calls.</returns>
    /// <exception cref="WasmFormatException">The module is invalid, malformed inside a function body, uses what the
    /// engine does not support, or exceeds the limits.</exception>
    public static FunctionCalls[] Validate(Module module, WasmLimits limits, TranslationBudget? budget = null)
    {
        using var spending = (budget ?? new TranslationBudget(limits.CompileTime)).Begin();
        try
        {
            return new Validator(module, limits, spending).Validate();
        }
        catch (WasmFormatException refusal) when (refusal.Error == WasmFormatError.Invalid)
        {
            CodeGrammar.Check(module);
            throw;
        }
    }

    private FunctionCalls[] Validate()
    {
        ValidateTables();
        ValidateMemories();
        ValidateGlobals();
        ValidateExports();
        ValidateStart();
        ValidateElementSegments();
        ValidateDataSegments();

        // Last, because `ref.func` asks which functions the rest of the module mentions.
        var functions = new FunctionValidator(_module, _limits, _declaredFunctions);
        var calls = new FunctionCalls[_module.Bodies.Length];
        for (var i = 0; i < calls.Length; i++)
            calls[i] = Validate(functions, _module.ImportedFunctionCount + i, _module.Bodies[i]);
        return calls;
    }

    private FunctionCalls Validate(FunctionValidator functions, int function, FunctionBody body)
    {
        try
        {
            if (_spending.Total > _limits.CompileTime)
                throw WasmFormatException.LimitExceeded(body.Code.Offset, "compile time in milliseconds", (ulong)_spending.Total.TotalMilliseconds, (ulong)_limits.CompileTime.TotalMilliseconds);
            return functions.Validate(function, body);
        }
        catch (WasmFormatException refusal)
        {
            throw refusal.In(function);
        }
    }

    private void ValidateTables()
    {
        if (_module.Tables.Length > _limits.Tables)
            throw WasmFormatException.LimitExceeded(_module.TableOffsets[_limits.Tables], "tables", (ulong)_module.Tables.Length, (ulong)_limits.Tables);
        for (var i = 0; i < _module.Tables.Length; i++)
        {
            var (limits, offset) = (_module.Tables[i].Limits, _module.TableOffsets[i]);
            CheckOrder(limits, offset, "a table");
            if (limits.Minimum > _limits.TableElements)
                throw WasmFormatException.LimitExceeded(offset, "table elements", limits.Minimum, _limits.TableElements);
        }
    }

    private void ValidateMemories()
    {
        const uint greatestPages = 65_536;
        if (_module.Memories.Length > 1 && !_module.Features.HasFlag(WasmFeatures.MultipleMemories))
            throw WasmFormatException.Invalid(_module.MemoryOffsets[1], "multiple memories: the feature is not enabled");
        if (_module.Memories.Length > _limits.Memories)
            throw WasmFormatException.LimitExceeded(_module.MemoryOffsets[_limits.Memories], "memories", (ulong)_module.Memories.Length, (ulong)_limits.Memories);
        for (var i = 0; i < _module.Memories.Length; i++)
        {
            var (limits, offset) = (_module.Memories[i].Limits, _module.MemoryOffsets[i]);
            if (limits.Minimum > greatestPages || limits.Maximum > greatestPages)
                throw WasmFormatException.Invalid(offset, "memory size must be at most 65536 pages (4GiB)");
            CheckOrder(limits, offset, "a memory");
            if (limits.Minimum > _limits.MemoryPages)
                throw WasmFormatException.LimitExceeded(offset, "memory pages", limits.Minimum, _limits.MemoryPages);
        }
    }

    private static void CheckOrder(SizeLimits limits, int offset, string what)
    {
        if (limits.Maximum < limits.Minimum)
            throw WasmFormatException.Invalid(offset, $"size minimum must not be greater than maximum: {what} of {limits.Minimum} to {limits.Maximum}");
    }

    private void ValidateGlobals()
    {
        if (_module.Globals.Length > _limits.Globals)
            throw WasmFormatException.LimitExceeded(_module.GlobalOffsets[_limits.Globals], "globals", (ulong)_module.Globals.Length, (ulong)_limits.Globals);
        for (var i = 0; i < _module.GlobalInitializers.Length; i++)
            ValidateConstant(_module.GlobalInitializers[i], _module.Globals[_module.ImportedGlobalCount + i].Value);
    }

    private void ValidateExports()
    {
        var names = new HashSet<string>(_module.Exports.Length, StringComparer.Ordinal);
        foreach (var export in _module.Exports)
        {
            if (!names.Add(export.Name))
                throw WasmFormatException.Invalid(export.Offset, "duplicate export name");
            var (count, space) = export.Kind switch
            {
                ExternalKind.Function => (_module.Functions.Length, "function"),
                ExternalKind.Table => (_module.Tables.Length, "table"),
                ExternalKind.Memory => (_module.Memories.Length, "memory"),
                _ => (_module.Globals.Length, "global"),
            };
            if (export.Index >= (uint)count)
                throw WasmFormatException.Invalid(export.Offset, $"unknown {space} {export.Index}");
            if (export.Kind == ExternalKind.Function)
                _declaredFunctions[export.Index] = true;
        }
    }

    private void ValidateStart()
    {
        if (_module.Start is not { } start)
            return;
        if (start >= (uint)_module.Functions.Length)
            throw WasmFormatException.Invalid(_module.StartOffset, $"unknown function {start}");
        var type = _module.TypeOfFunction((int)start);
        if (!type.Parameters.IsEmpty || !type.Results.IsEmpty)
            throw WasmFormatException.Invalid(_module.StartOffset, $"start function: type mismatch, expected [] -> [] but it is {type}");
    }

    private void ValidateElementSegments()
    {
        foreach (var segment in _module.ElementSegments)
        {
            foreach (var function in segment.FunctionIndices)
                ConstantExpressionValidator.Declare(_module, function, segment.SegmentOffset, _declaredFunctions);
            foreach (var expression in segment.Expressions)
                ValidateConstant(expression, segment.Type);
            if (segment.Mode != SegmentMode.Active)
                continue;

            if (segment.Table >= (uint)_module.Tables.Length)
                throw WasmFormatException.Invalid(segment.SegmentOffset, $"unknown table {segment.Table}");
            var table = _module.Tables[(int)segment.Table];
            if (table.Element != segment.Type)
            {
                throw WasmFormatException.Invalid(
                    segment.SegmentOffset, $"type mismatch: a segment of {segment.Type.Text()} for a table of {table.Element.Text()}");
            }
            ValidateConstant(segment.Offset, ValType.I32);
        }
    }

    private void ValidateDataSegments()
    {
        foreach (var segment in _module.DataSegments)
        {
            if (segment.Mode != SegmentMode.Active)
                continue;
            if (segment.Memory >= (uint)_module.Memories.Length)
                throw WasmFormatException.Invalid(segment.SegmentOffset, $"unknown memory {segment.Memory}");
            ValidateConstant(segment.Offset, ValType.I32);
        }
    }

    private void ValidateConstant(ConstantExpression expression, ValType expected) =>
        ConstantExpressionValidator.Validate(_module, expression, expected, _declaredFunctions);
}
