using System.Reflection;
using System.Text;

namespace LazyOC.Repository.Tests;

/// <summary>
/// What other rooms and other people's code can call, a file a room: a change of it is seen in review.
/// <c>LAZYOC_UPDATE_GOLDENS=1</c> writes the files anew.
/// </summary>
public sealed class PublicSurfaceTests
{
    private static readonly string Binaries = Path.Combine(
        RepositoryRoot.Path, "artifacts", "bin", "LazyOC.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));

    public static TheoryData<string> Rooms => new(Directory.GetDirectories(Path.Combine(RepositoryRoot.Path, "src"))
        .Select(directory => Path.GetFileName(directory)).Where(room => room is not ("Cli" or "Marketplace" or "Marketplace.Trial")).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void PublicSurface_OfARoom_IsTheCommittedOne(string room)
    {
        var actual = SurfaceOf(Assembly.LoadFrom(Path.Combine(Binaries, $"LazyOC.{room}.dll")));
        var golden = Path.Combine(RepositoryRoot.Path, "tests", "Repository", "Surface", room + ".txt");
        if (Environment.GetEnvironmentVariable("LAZYOC_UPDATE_GOLDENS") is "1") File.WriteAllText(golden, actual);
        Assert.Equal(File.Exists(golden) ? File.ReadAllText(golden) : "", actual);
    }

    private static string SurfaceOf(Assembly assembly)
    {
        var surface = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            surface.Append(type.IsEnum ? "enum " : type.IsValueType ? "struct " : type.IsInterface ? "interface " : "class ").Append(NameOf(type)).Append('\n');
            foreach (var line in MembersOf(type).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) surface.Append("  ").Append(line).Append('\n');
        }

        return surface.ToString();
    }

    /// <summary>Members that somebody wrote; what the compiler gives every record and enum says nothing.</summary>
    private static IEnumerable<string> MembersOf(Type type)
    {
        const BindingFlags declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (typeof(Delegate).IsAssignableFrom(type)) return [Signature(type.GetMethod("Invoke")!)];
        if (type.IsEnum) return Enum.GetNames(type);
        return type.GetMembers(declared)
            .Where(member => !member.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)))
            .Select(member => member switch
            {
                ConstructorInfo constructor => "new(" + Parameters(constructor) + ")",
                MethodInfo { IsSpecialName: false } method => Signature(method),
                PropertyInfo property => $"{property.Name}: {NameOf(property.PropertyType)}{Setter(property)}",
                FieldInfo field => $"{field.Name}: {NameOf(field.FieldType)}",
                EventInfo happening => $"event {happening.Name}",
                _ => "",
            })
            .Where(line => line.Length > 0);
    }

    private static string Setter(PropertyInfo property) =>
        property.SetMethod is not { IsPublic: true } setter ? ""
        : setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") ? " { get; init; }"
        : " { get; set; }";

    private static string Signature(MethodInfo method) => $"{method.Name}({Parameters(method)}): {NameOf(method.ReturnType)}";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter => $"{NameOf(parameter.ParameterType)} {parameter.Name}"));

    private static string NameOf(Type type)
    {
        if (type.IsArray) return NameOf(type.GetElementType()!) + "[]";
        if (type.IsByRef) return "ref " + NameOf(type.GetElementType()!);
        var name = type.IsNested && !type.IsGenericParameter ? $"{NameOf(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : name;
    }
}
