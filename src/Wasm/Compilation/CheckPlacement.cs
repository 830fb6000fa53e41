using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Validation;

namespace LazyOC.Wasm.Compilation;

/// <summary>
/// Which functions check stack and interrupt when they are entered: enough of them that neither stack nor time without
/// a check is unbounded, and no more, because a check in every function costs a tenth of the speed.
/// </summary>
/// <remarks>
/// Endless recursion goes round a cycle of calls. A cycle through the host or a table has a function in it that calls
/// an import or indirectly; one of direct calls has a back edge of the depth-first search. Those functions check. What
/// is left is acyclic: there a function checks when the frames below it, or the instructions a call of it may execute,
/// exceed a budget. Loops have checks of their own.
/// </remarks>
internal sealed class CheckPlacement
{
    /// <summary>Greatest stack that may be used between two checks, in bytes; see the margin of <c>StackBounds</c>.</summary>
    private const int StackBudgetBytes = 64 * 1024;

    /// <summary>Most instructions that calls may execute between two checks.</summary>
    private const long WorkBudget = 20_000;

    /// <summary>Frame of the method that checks on behalf of a guarded function, in bytes; generously.</summary>
    private const long GuardFrameBytes = 16 * 1024;

    private readonly FunctionCalls[] _calls;
    private readonly int _firstFunction;
    private readonly bool[] _isChecked;
    private readonly long[] _frameBytes;
    private readonly long[] _stackBytes;
    private readonly long[] _work;

    private CheckPlacement(Module module, FunctionCalls[] calls)
    {
        _calls = calls;
        _firstFunction = module.ImportedFunctionCount;
        _isChecked = [.. module.Bodies.Select(IsGuarded)];
        _frameBytes = [.. module.Bodies.Select(body => IsGuarded(body) ? GuardFrameBytes : GreatestFrame(body))];
        _stackBytes = new long[calls.Length];
        _work = new long[calls.Length];
    }

    /// <summary>For each function the module defines, whether it checks.</summary>
    public static bool[] Place(Module module, FunctionCalls[] calls)
    {
        var placement = new CheckPlacement(module, calls);
        placement.MarkWaysOut();
        var callees = placement.MarkCycles();
        placement.MarkBudgets(callees);
        return placement._isChecked;
    }

    /// <summary>
    /// An upper bound of a function's frame, in bytes. No exact figure is to be had; unoptimised code keeps each local
    /// and each value in a slot of its own.
    /// </summary>
    public static long GreatestFrame(FunctionBody body) => (body.LocalCount * 16L) + (body.Code.Length * 8L);

    /// <summary>Whether a function's own check would come too late: setting up its frame may run off the stack.</summary>
    public static bool IsGuarded(FunctionBody body) => GreatestFrame(body) > StackBudgetBytes;

    private void MarkWaysOut()
    {
        for (var i = 0; i < _calls.Length; i++)
            _isChecked[i] |= _calls[i].CallsIndirectly || Array.Exists(_calls[i].Callees, callee => callee < _firstFunction);
    }

    /// <summary>Marks the target of every back edge; returns the functions in an order that has callees first.</summary>
    private List<int> MarkCycles()
    {
        var state = new State[_calls.Length];
        var order = new List<int>(_calls.Length);
        // Not recursive: the module decides how deep its calls are nested.
        var path = new Stack<(int Function, int NextCallee)>();
        for (var root = 0; root < _calls.Length; root++)
        {
            if (state[root] != State.New)
                continue;
            state[root] = State.OnPath;
            path.Push((root, 0));
            while (path.TryPop(out var top))
            {
                var callees = _calls[top.Function].Callees;
                if (top.NextCallee == callees.Length)
                {
                    state[top.Function] = State.Done;
                    order.Add(top.Function);
                    continue;
                }
                path.Push((top.Function, top.NextCallee + 1));
                var callee = callees[top.NextCallee] - _firstFunction;
                if (callee < 0)
                    continue;
                if (state[callee] == State.OnPath)
                {
                    _isChecked[callee] = true;
                }
                else if (state[callee] == State.New)
                {
                    state[callee] = State.OnPath;
                    path.Push((callee, 0));
                }
            }
        }
        return order;
    }

    private void MarkBudgets(List<int> calleesFirst)
    {
        foreach (var function in calleesFirst)
        {
            long stack = 0;
            long work = _calls[function].InstructionCount;
            foreach (var index in _calls[function].Callees)
            {
                if (index < _firstFunction)
                    continue;
                var callee = index - _firstFunction;
                // A function that checks has its frame by then, but goes no further.
                stack = Math.Max(stack, _isChecked[callee] ? _frameBytes[callee] : _stackBytes[callee]);
                work = Math.Min(work + (_isChecked[callee] ? 0 : _work[callee]), WorkBudget + 1);
            }
            _stackBytes[function] = _frameBytes[function] + stack;
            _work[function] = work;
            // A function without calls ends by itself, however long it is.
            if (_calls[function].Callees.Length > 0 && (_stackBytes[function] > StackBudgetBytes || work > WorkBudget))
                _isChecked[function] = true;
        }
    }

    private enum State : byte
    {
        New,
        OnPath,
        Done,
    }
}
