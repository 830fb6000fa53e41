using System.Collections.Immutable;
using System.Reflection.Emit;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Compilation;

/// <summary>Translates one validated function to CIL.</summary>
/// <remarks>
/// The generated method's first parameter is the context, then come the function's. Values of the operand stack are
/// kept as pure expression trees (<see cref="Expression"/>) and evaluated where they are used, so the CIL stack is
/// empty at every branch. Whatever reads state, may trap or has an effect is evaluated at once, in order.
/// Unreachable code is not emitted. Source: WebAssembly 2.0, §4.4.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    /// <summary>CIL admits 65,535 locals in a method.</summary>
    private const int MaxLocals = 60_000;

    private readonly CodeUnit _unit;
    private readonly Binary.Module _module;
    private readonly FunctionType _type;
    private readonly FunctionBody _body;
    private readonly ILGenerator _il;
    private readonly TemporaryPool _temporaries;
    private readonly TrapBlocks _traps;
    private readonly SlowPaths _slowPaths;
    private readonly Metering _metering;
    private readonly MemoryAccess _memory;
    private readonly List<ControlFrame> _frames = [];
    private readonly ImmutableArray<ValType> _localTypes;
    private readonly LocalBuilder[] _locals;

    private FunctionCompiler(CodeUnit unit, int function, FunctionBody body, BodyScan scan, ILGenerator il)
    {
        _unit = unit;
        _module = unit.Module;
        _type = unit.Module.TypeOfFunction(function);
        _body = body;
        _il = il;
        _temporaries = new TemporaryPool(il);
        _traps = new TrapBlocks(il);
        _slowPaths = new SlowPaths(il);
        _metering = new Metering(il, scan, unit.IsMetered, _traps, _slowPaths);
        _memory = new MemoryAccess(il, unit.Module, unit.Layout, scan, _traps);
        _localTypes = [.. _type.Parameters, .. body.Locals.SelectMany(run => Enumerable.Repeat(run.Type, run.Count))];
        _locals = new LocalBuilder[body.LocalCount];
    }

    /// <summary>Emits the body of a function the module defines, by its index in the function index space.</summary>
    /// <exception cref="WasmFormatException">The function needs more locals than CIL has.</exception>
    public static void Compile(CodeUnit unit, int function, bool isChecked, ILGenerator il)
    {
        var body = unit.Module.Bodies[function - unit.Module.ImportedFunctionCount];
        new FunctionCompiler(unit, function, body, BodyScan.Of(unit.Module, body), il).Compile(isChecked);
    }

    private void Compile(bool isChecked)
    {
        _metering.EmitEntry(isChecked);
        _memory.EmitEntry();
        EmitLocalsAsZero();
        _frames.Add(new ControlFrame(Opcode.Block, 0, [], _type.Results, _il.DefineLabel()));

        var reader = _module.InstructionsOf(_body.Code);
        var next = reader.Read();
        while (true)
        {
            var instruction = next;
            var isLast = reader.IsAtEnd;
            if (!isLast)
                next = reader.Read();
            _next = isLast ? null : next;
            if (_isReachable)
                Translate(instruction, ref reader);
            else
                SkipUnreachable(instruction);
            if (isLast)
                break;
            // The instruction took its successor along.
            if (_next is null)
                next = reader.Read();
        }
        _traps.Emit();
        _slowPaths.Emit();
    }

    private void EmitLocalsAsZero()
    {
        if (_locals.Length > MaxLocals)
            throw WasmFormatException.LimitExceeded(_body.Code.Offset, "locals of a function", (ulong)_locals.Length, MaxLocals);
        for (var i = 0; i < _locals.Length; i++)
        {
            var type = _localTypes[_type.Parameters.Length + i];
            _locals[i] = _il.DeclareLocal(ClrTypes.Of(type));
            EmitConstant(type, 0);
            _il.Emit(OpCodes.Stloc, _locals[i]);
        }
    }

    private void Translate(Instruction instruction, ref InstructionReader reader)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Nop:
                break;
            case >= Opcode.Unreachable and <= Opcode.ReturnCallIndirect:
                TranslateControl(instruction, ref reader);
                break;
            case Opcode.Drop:
                Discard(Pop());
                break;
            case Opcode.Select or Opcode.SelectTyped:
                TranslateSelect();
                break;
            case >= Opcode.LocalGet and <= Opcode.GlobalSet:
                TranslateVariable(instruction);
                break;
            case Opcode.RefNull or Opcode.RefIsNull or Opcode.RefFunc:
                TranslateReference(instruction);
                break;
            case Opcode.TableGet or Opcode.TableSet or >= Opcode.TableInit and <= Opcode.TableFill:
                TranslateTable(instruction);
                break;
            case >= Opcode.I32Load and <= Opcode.MemoryGrow or >= Opcode.MemoryInit and <= Opcode.MemoryFill:
                TranslateMemory(instruction);
                break;
            case Opcode.I32Const:
                Push(Expression.Constant(ValType.I32, instruction.I32));
                break;
            case Opcode.I64Const:
                Push(Expression.Constant(ValType.I64, instruction.I64));
                break;
            case Opcode.F32Const:
                Push(Expression.Constant(ValType.F32, instruction.F32Bits));
                break;
            case Opcode.F64Const:
                Push(Expression.Constant(ValType.F64, (long)instruction.F64Bits));
                break;
            case >= Opcode.V128Load:
                TranslateVector(instruction);
                break;
            default:
                TranslateNumeric(instruction.Opcode);
                break;
        }
    }
}
