using System.Diagnostics.CodeAnalysis;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>A resource type as the API server names it; <c>group</c> is empty for the core group.</summary>
/// <param name="Group">API group, such as <c>apps</c>.</param>
/// <param name="Kind">Kind, such as <c>Deployment</c>.</param>
public readonly record struct GroupKind(string Group, string Kind)
{
    /// <summary><c>Pod</c> or <c>apps/Deployment</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Kind : $"{Group}/{Kind}";

    /// <summary>Reads <c>Kind</c> or <c>group/Kind</c>.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static GroupKind Parse(string text) => TryParse(text, out var kind)
        ? kind
        : throw new FormatException($"`{text}` is not a kind\nhint: write `Pod` or, with its API group, `apps/Deployment`");

    /// <summary>Reads <c>Kind</c> or <c>group/Kind</c>; false when the text is neither.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out GroupKind kind)
    {
        kind = default;
        if (text is null) return false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var group = slash < 0 ? "" : text[..slash];
        var name = text[(slash + 1)..];
        if (slash == 0 || name.Length == 0 || !char.IsAsciiLetter(name[0]) || !name.All(char.IsAsciiLetterOrDigit)) return false;
        if (!group.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')) return false;
        kind = new GroupKind(group, name);
        return true;
    }
}
