using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace LazyOC.Wasm.Compilation;

/// <summary>
/// Names of the generated methods: <c>name[index]</c> from the name section, else from an export, or <c>func[index]</c>.
/// </summary>
internal sealed class GuestMethodNames(Binary.Module module)
{
    /// <summary>What the names of the types begin with that hold a guest's functions.</summary>
    public const string TypePrefix = "LazyOC.Wasm.Generated.Functions";

    private const string Unnamed = "func";
    private const int MaxLength = 200;

    private readonly Dictionary<uint, string> _exported = ExportedFunctions(module);

    /// <summary>The name of a function the module defines, by its index in the function index space.</summary>
    public string Of(int function)
    {
        var name = module.Names.FunctionName(function) ?? _exported.GetValueOrDefault((uint)function);
        return $"{(string.IsNullOrEmpty(name) ? Unnamed : Clean(name))}[{function.ToString(CultureInfo.InvariantCulture)}]";
    }

    /// <summary>The function's name for a stack trace, if <paramref name="method"/> is a guest's function.</summary>
    public static bool TryRead(MethodBase method, [NotNullWhen(true)] out string? name)
    {
        name = null;
        // Guards and stubs, which may be in the same types, have no index in brackets.
        if (method.DeclaringType?.FullName?.StartsWith(TypePrefix, StringComparison.Ordinal) != true || !method.Name.EndsWith(']'))
            return false;
        name = method.Name.StartsWith(Unnamed + "[", StringComparison.Ordinal) ? method.Name : method.Name[..method.Name.LastIndexOf('[')];
        return true;
    }

    private static Dictionary<uint, string> ExportedFunctions(Binary.Module module)
    {
        var exported = new Dictionary<uint, string>();
        foreach (var export in module.Exports)
        {
            if (export.Kind == ExternalKind.Function)
                exported.TryAdd(export.Index, export.Name);
        }
        return exported;
    }

    /// <summary>A guest chooses these names: control characters would forge lines in a log.</summary>
    private static string Clean(string name) =>
        string.Concat(name.Take(MaxLength).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
}
