using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LazyOC.Wasm.Compilation;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Tests.Compilation;

public sealed class PersistedModuleTests
{
    /// <summary>What assemblies made in an earlier build rely on. Who changes it raises the version with it.</summary>
    [Fact]
    public void ContractVersion_BelongsToWhatGeneratedCodeUses()
    {
        var lines = new[] { typeof(RuntimeCalls), typeof(Numerics), typeof(VectorNumerics) }
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public).Select(method => $"{type.Name}.{method}"))
            .Concat(new[] { typeof(Context), typeof(FunctionEntry), typeof(TableDescriptor), typeof(ImportEntry) }
                .SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.Public).Select(field => $"{type.Name}.{field.Name} {Marshal.OffsetOf(type, field.Name)}")))
            .Order(StringComparer.Ordinal);

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16];

        Assert.Equal((2, "f8d59526fd5ab21c"), (PersistedModule.ContractVersion, digest));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_ThenOpen_GivesAModuleThatRuns(bool metered)
    {
        var folder = Directory.CreateTempSubdirectory("lazyoc-persisted");
        try
        {
            // Assemblies of this name may use the engine's internals; two of one name cannot be loaded side by side.
            var path = Path.Combine(folder.FullName, "module.dll");
            using (var file = File.Create(path))
                PersistedModule.Write(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "limits.wasm")), ModuleCompiler.AssemblyName, metered, file);
            var context = new System.Runtime.Loader.AssemblyLoadContext("persisted", isCollectible: true);
            var module = WasmModule.FromPrecompiled(context.LoadFromAssemblyPath(path));
            Assert.True(module.IsPrecompiled);
            Assert.False(module.UsesNativeImage);
            using var instance = module.Instantiate(new WasmLinker(), new InstanceOptions { Fuel = metered ? 1_000_000 : null });

            Assert.Equal(7, instance.GetFunction<Func<int, int>>("count")(7));
            Assert.Throws<WasmLinkException>(() => module.Instantiate(new WasmLinker(), new InstanceOptions { Fuel = metered ? null : 1 }));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void FromPrecompiled_OfAnotherAssembly_IsRefused() =>
        Assert.Contains("no precompiled module", Assert.Throws<ArgumentException>(() => WasmModule.FromPrecompiled(typeof(PersistedModuleTests).Assembly)).Message, StringComparison.Ordinal);
}
