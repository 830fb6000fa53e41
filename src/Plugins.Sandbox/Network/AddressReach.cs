using System.Net;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>How far a rule reaches among addresses, ascending.</summary>
internal enum AddressReach
{
    /// <summary>A glob: public addresses, and never the cluster's API server.</summary>
    Glob,

    /// <summary>A name: public addresses.</summary>
    Name,

    /// <summary>A URL that the user has set: whatever its name leads to on networks, but not link-local and the like.</summary>
    Chosen,

    /// <summary>An address, or <c>localhost</c>: exactly that.</summary>
    Literal,
}

/// <summary>Says what addresses a rule opens.</summary>
internal static class AddressReaches
{
    private const string Localhost = "localhost";

    /// <summary>How far a rule reaches.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="origin">What it stands for now.</param>
    public static AddressReach Of(ConnectRule rule, OriginPattern origin) =>
        origin.IsGlob ? AddressReach.Glob
        : LiteralOf(origin.Host) is not null ? AddressReach.Literal
        : rule.FromSetting is not null ? AddressReach.Chosen
        : AddressReach.Name;

    /// <summary>
    /// The addresses that a host is by itself; null when it is a name. Only addresses as they are usually written are:
    /// <c>2130706433</c> with a dot behind it is a name, lest a user be asked for something he does not recognise.
    /// </summary>
    public static IPAddress[]? LiteralOf(string host) =>
        host == Localhost ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : IPAddress.TryParse(host, out var address) && (host.Contains(':', StringComparison.Ordinal) || address.ToString() == host) ? [address]
        : null;

    /// <summary>Whether a connection to an address is within reach.</summary>
    public static bool Permits(AddressReach reach, IPAddress address) => AddressClasses.Of(address) switch
    {
        AddressClass.Public => true,
        AddressClass.Loopback or AddressClass.Private => reach >= AddressReach.Chosen,
        _ => reach == AddressReach.Literal,
    };

    /// <summary>Why an address is not within reach, continuing a sentence that begins with the host.</summary>
    public static string Complain(AddressReach reach, IPAddress address)
    {
        var what = AddressClasses.Of(address) switch
        {
            AddressClass.Loopback => "this computer",
            AddressClass.LinkLocal => "a link-local address",
            AddressClass.Private => "a private address",
            AddressClass.Multicast => "a multicast address",
            _ => "a reserved address",
        };
        var by = reach switch
        {
            AddressReach.Glob => "a permission with `*`",
            AddressReach.Name => "a permission for a name",
            _ => "a setting",
        };
        return $"leads to {what}, which {by} does not open";
    }
}
