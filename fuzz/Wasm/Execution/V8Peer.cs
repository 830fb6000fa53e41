using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Execution;

/// <summary>A Node.js process that answers requests in their order, so that it works while we do.</summary>
/// <remarks>One thread uses it; a second reads the answers, so that neither process waits for the other's pipe.</remarks>
internal sealed class V8Peer : IDisposable
{
    /// <summary>What V8 of Node 20 has beyond WebAssembly 2.0, and the engine therefore gets too; not more than one memory.</summary>
    public const WasmFeatures Features = WasmFeatures.TailCalls | WasmFeatures.ExtendedConstants;

    private const int StackKilobytes = 4_000;

    private readonly Process _process;
    private readonly BinaryWriter _input;
    private readonly BlockingCollection<string> _answers = [];
    private readonly Thread _reader;

    public V8Peer()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Execution", "v8-peer.js");
        var start = new ProcessStartInfo("node", ["--experimental-wasm-type-reflection", "--experimental-wasm-extended-const", "--expose-gc", $"--stack-size={StackKilobytes}", script])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        _input = new BinaryWriter(_process.StandardInput.BaseStream);
        _reader = new Thread(ReadAnswers) { IsBackground = true, Name = "answers of V8" };
        _reader.Start();
        Submit([], json => { });
        Version = Receive();
    }

    /// <summary>Of Node.js and V8.</summary>
    public string Version { get; }

    /// <summary>Asks whether a module is valid; the answer is 1 or 0.</summary>
    public void SubmitValidation(byte[] module) => Submit(module, json => json.WriteBoolean("validate", true));

    /// <summary>Asks what a module does; the answer has a line more than the plan has steps, or begins with <c>refused</c>.</summary>
    public void SubmitExecution(byte[] module, CallPlan plan) => Submit(module, json =>
    {
        json.WritePropertyName("calls");
        plan.WriteTo(json);
    });

    /// <summary>The answer to the earliest request that has none yet.</summary>
    /// <exception cref="InvalidOperationException">The process has ended.</exception>
    public string Receive() =>
        _answers.TryTake(out var answer, Timeout.Infinite) ? answer : throw new InvalidOperationException("node ended before it had answered");

    public void Dispose()
    {
        try
        {
            _input.Dispose();
        }
        catch (IOException)
        {
            // It has ended already.
        }
        _process.WaitForExit();
        _reader.Join();
        _process.Dispose();
        _answers.Dispose();
    }

    private void Submit(byte[] module, Action<Utf8JsonWriter> writeRequest)
    {
        using var request = new MemoryStream();
        using (var json = new Utf8JsonWriter(request))
        {
            json.WriteStartObject();
            writeRequest(json);
            json.WriteEndObject();
        }
        _input.Write((int)request.Length);
        _input.Write(request.GetBuffer(), 0, (int)request.Length);
        _input.Write(module.Length);
        _input.Write(module);
        _input.Flush();
    }

    private void ReadAnswers()
    {
        using var output = new BinaryReader(_process.StandardOutput.BaseStream);
        try
        {
            while (true)
                _answers.Add(Encoding.UTF8.GetString(output.ReadBytes(output.ReadInt32())));
        }
        catch (EndOfStreamException)
        {
            _answers.CompleteAdding();
        }
    }
}
