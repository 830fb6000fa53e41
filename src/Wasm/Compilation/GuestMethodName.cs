using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace LazyOC.Wasm.Compilation;

/// <summary>Names of the generated methods: <c>name[index]</c>, or <c>func[index]</c> for a function without a name.</summary>
internal static class GuestMethodName
{
    /// <summary>The type that holds the guest's functions.</summary>
    public const string FunctionsType = "LazyOC.Wasm.Generated.Functions";

    private const string Unnamed = "func";
    private const int MaxLength = 200;

    /// <summary>Names for every function the module defines: from the name section, else from its exports.</summary>
    public static string[] Assign(Binary.Module module)
    {
        var exported = new Dictionary<uint, string>();
        foreach (var export in module.Exports)
        {
            if (export.Kind == ExternalKind.Function)
                exported.TryAdd(export.Index, export.Name);
        }
        var names = new string[module.Bodies.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var index = module.ImportedFunctionCount + i;
            var name = (module.Names.Functions.TryGetValue((uint)index, out var given) ? given : null) ?? exported.GetValueOrDefault((uint)index);
            names[i] = $"{(string.IsNullOrEmpty(name) ? Unnamed : Clean(name))}[{index.ToString(CultureInfo.InvariantCulture)}]";
        }
        return names;
    }

    /// <summary>The function's name for a stack trace, if <paramref name="method"/> is a guest's function.</summary>
    public static bool TryRead(MethodBase method, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (!string.Equals(method.DeclaringType?.FullName, FunctionsType, StringComparison.Ordinal))
            return false;
        var bracket = method.Name.LastIndexOf('[');
        name = method.Name.StartsWith(Unnamed + "[", StringComparison.Ordinal) || bracket < 0 ? method.Name : method.Name[..bracket];
        return true;
    }

    /// <summary>A guest chooses these names: control characters would forge lines in a log.</summary>
    private static string Clean(string name) =>
        string.Concat(name.Take(MaxLength).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
}
