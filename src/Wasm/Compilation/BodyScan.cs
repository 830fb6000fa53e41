using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Compilation;

/// <summary>What must be known of a function before its first instruction is translated.</summary>
internal sealed class BodyScan
{
    private BodyScan()
    {
    }

    /// <summary>The memories from which it loads, to which it stores, or whose size it asks for.</summary>
    public SortedSet<int> Memories { get; } = [];

    /// <summary>Instructions outside loops: the fuel of a call.</summary>
    public int EntryCost { get; private set; }

    /// <summary>For each loop in the order of the code, the instructions in it but not in a loop within it: the fuel of an iteration.</summary>
    public List<int> LoopCosts { get; } = [];

    public static BodyScan Of(Module module, FunctionBody body)
    {
        var scan = new BodyScan();
        // Index of the loop for each open block, −1 outside loops.
        var enclosing = new Stack<int>();
        enclosing.Push(-1);
        var reader = module.InstructionsOf(body.Code);
        while (!reader.IsAtEnd)
            scan.Count(reader.Read(), enclosing);
        return scan;
    }

    private void Count(Instruction instruction, Stack<int> enclosing)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Loop:
                enclosing.Push(LoopCosts.Count);
                LoopCosts.Add(0);
                break;
            case Opcode.Block or Opcode.If:
                enclosing.Push(enclosing.Peek());
                break;
            case Opcode.End:
                enclosing.Pop();
                return;
            case Opcode.MemorySize:
                Memories.Add((int)instruction.Index);
                break;
        }
        if (instruction.Immediate is Immediate.MemoryArgument or Immediate.MemoryArgumentAndLane)
            Memories.Add(instruction.MemoryIndex);
        if (enclosing.Peek() < 0)
            EntryCost++;
        else
            LoopCosts[enclosing.Peek()]++;
    }
}
