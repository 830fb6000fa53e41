namespace LazyOC.Marketplace.Web;

/// <summary>Addresses of this site that come from outside.</summary>
internal static class LocalAddress
{
    private const int MaxChars = 500;

    /// <summary>The address, if it leads nowhere but into this site; otherwise the home page.</summary>
    public static string Of(string? address) => IsLocal(address) ? address! : "/";

    /// <summary>Browsers read <c>//host</c> and <c>/\host</c> as another site, and leave out control characters before they look.</summary>
    private static bool IsLocal(string? address) =>
        address is { Length: > 0 and <= MaxChars } && address[0] == '/'
        && (address.Length == 1 || address[1] is not ('/' or '\\'))
        && !address.Any(c => char.IsControl(c) || c is '\\' or > '~');
}
