using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>A module as an assembly file: its code as CIL, to be compiled further by crossgen2, and its binary as a resource.</summary>
internal static class PersistedModule
{
    /// <summary>
    /// Number of the agreement between generated code and engine: signatures of <see cref="RuntimeCalls"/>,
    /// <see cref="Numerics"/> and <see cref="VectorNumerics"/>, layout of <see cref="Context"/>. To be raised with every
    /// change of these.
    /// </summary>
    public const int ContractVersion = 2;

    private const string ModuleResource = "module.wasm";

    /// <summary>Decodes, validates and translates a module into an assembly file named after <paramref name="assemblyName"/>.</summary>
    public static void Write(ReadOnlyMemory<byte> bytes, string assemblyName, bool metered, Stream output)
    {
        var module = WasmModule.Load(bytes);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(assemblyName) { Version = new Version(1, ContractVersion) }, typeof(object).Assembly);
        var (functions, stubs) = ModuleCompiler.Compile(assembly.DefineDynamicModule(assemblyName), module.Definition, module.Layout, metered);
        functions.CreateType();
        stubs.CreateType();

        var metadata = assembly.GenerateMetadata(out var code, out var fieldData);
        var resources = new BlobBuilder();
        resources.WriteInt32(bytes.Length);
        resources.WriteBytes(bytes.ToArray());
        metadata.AddManifestResource(ManifestResourceAttributes.Public, metadata.GetOrAddString(ModuleResource), default, 0);
        var file = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), code, fieldData, resources).Serialize(file);
        file.WriteContentTo(output);
    }

    /// <summary>The module in an assembly that <see cref="Write"/> made. It was validated then and is trusted now.</summary>
    /// <exception cref="ArgumentException">There is none, or it was made for another engine.</exception>
    public static (Binary.Module Module, CompiledModule Code) Open(Assembly assembly)
    {
        var stubs = assembly.GetType(ModuleCompiler.StubsType)
            ?? throw new ArgumentException($"`{assembly.GetName().Name}` holds no precompiled module", nameof(assembly));
        var (contract, isNative) = ReadContract(stubs);
        if (contract != ContractVersion)
            throw new ArgumentException($"`{assembly.GetName().Name}` was made for contract {contract} of the engine, not {ContractVersion}", nameof(assembly));
        var module = ModuleReader.Read(ReadModule(assembly), WasmLimits.Default);
        var metered = stubs.GetField(MeteredField) is not null;
        return (module, new CompiledModule(module, stubs, metered, isNative));
    }

    /// <summary>Present when the code uses fuel.</summary>
    public const string MeteredField = "IsMetered";

    /// <summary>Calls the smallest method: when nothing had to be compiled for that, machine code of the file is in use.</summary>
    private static unsafe (int Contract, bool IsNative) ReadContract(Type stubs)
    {
        var method = (delegate*<int>)stubs.GetMethod(StubCompiler.Contract)!.MethodHandle.GetFunctionPointer();
        var before = JitInfo.GetCompiledMethodCount(currentThread: true);
        var contract = method();
        return (contract, JitInfo.GetCompiledMethodCount(currentThread: true) == before);
    }

    private static byte[] ReadModule(Assembly assembly)
    {
        using var resource = assembly.GetManifestResourceStream(ModuleResource)
            ?? throw new ArgumentException($"`{assembly.GetName().Name}` has lost its module", nameof(assembly));
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
