using System.Text;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

internal sealed partial class QuickJsVm
{
    private const int ModuleFlag = 1 << 0;
    private const int StripSourceFlag = 1 << 4;

    /// <summary>Compiles source text to bytecode without running any; null when it has an error, with the exception to take.</summary>
    /// <param name="source">UTF-8.</param>
    /// <param name="fileName">As stacks name it.</param>
    /// <param name="isModule">An ES module, otherwise a script.</param>
    public byte[]? Compile(ReadOnlySpan<byte> source, string fileName, bool isModule)
    {
        var sourceAt = AllocateCopy(source);
        var nameAt = AllocateCopy(Encoding.UTF8.GetBytes(fileName));
        var codeAt = _exports.Compile((int)sourceAt, source.Length, (int)nameAt, isModule ? ModuleFlag : 0, StripSourceFlag, (int)_lengthAt);
        Release(nameAt);
        Release(sourceAt);
        if (codeAt == 0)
            return null;
        var code = _memory.GetSpan((uint)codeAt, _memory.Read<int>(_lengthAt)).ToArray();
        Release((uint)codeAt);
        return code;
    }

    /// <summary>Runs bytecode: a script's value, or the promise of a module's evaluation.</summary>
    public JsValue Evaluate(ReadOnlySpan<byte> bytecode)
    {
        var address = AllocateCopy(bytecode);
        var value = Unbox(_exports.EvaluateBytecode((int)address, bytecode.Length));
        Release(address);
        return value;
    }

    /// <summary>A copy in guest memory with a NUL behind it.</summary>
    private uint AllocateCopy(ReadOnlySpan<byte> bytes)
    {
        var address = Allocate(bytes.Length + 1);
        bytes.CopyTo(_memory.GetSpan(address, bytes.Length));
        _memory.Write(address + (uint)bytes.Length, (byte)0);
        return address;
    }

    private void WithText(string text, Action<int> use)
    {
        var address = AllocateCopy(Encoding.UTF8.GetBytes(text));
        use((int)address);
        Release(address);
    }

    // What the imports call.

    internal int CallBridge(int name, int nameLength, int count, int arguments)
    {
        var result = nameLength == 1 && _bridges.TryGetValue(_memory.Read<byte>((uint)name), out var bridge)
            ? bridge(this, new JsArguments(_memory, (uint)arguments, count))
            : Throw("no such host function");
        if (result.IsException)
            return 0;
        var box = _exports.Allocate(sizeof(long));
        if (box == 0)
        {
            Free(result);
            return 0;
        }
        _memory.Write((uint)box, result.Bits);
        return box;
    }

    internal void OnRejection(int promiseBox, int reasonBox, bool isHandled)
    {
        var promise = Unbox(promiseBox);
        var reason = Unbox(reasonBox);
        if (_host.OnRejection is { } handler)
        {
            handler(promise, reason, isHandled);
            return;
        }
        Free(promise);
        Free(reason);
    }

    internal int RefuseImport(int nameAt)
    {
        var name = ReadNulTerminated((uint)nameAt);
        Throw($"`{name}` cannot be imported: a plugin is one file\nhint: bundle it, for instance with esbuild --bundle --format=esm");
        return 0;
    }

    private string ReadNulTerminated(uint address)
    {
        const int longest = 256;
        var bytes = _memory.GetSpan(address, (int)Math.Min(longest, _memory.SizeBytes - address));
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
