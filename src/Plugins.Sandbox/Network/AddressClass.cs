using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>Where an address leads.</summary>
internal enum AddressClass
{
    /// <summary>To the internet.</summary>
    Public,

    /// <summary>To this computer.</summary>
    Loopback,

    /// <summary>To the network that this computer is connected to, and in clouds to the service that tells machines their credentials.</summary>
    LinkLocal,

    /// <summary>To a network that is somebody's own.</summary>
    Private,

    /// <summary>To many.</summary>
    Multicast,

    /// <summary>To none that a program should ask: unspecified, broadcast, kept for documentation or for later.</summary>
    Reserved,
}

/// <summary>Says where addresses lead, by the special-purpose registries of IANA (RFC 6890).</summary>
internal static class AddressClasses
{
    /// <summary>The metadata service of EC2, which sits among private addresses in IPv6.</summary>
    private static readonly IPAddress MetadataService = IPAddress.Parse("fd00:ec2::254");

    private static readonly IPNetwork[] Private4 = Parse("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10");
    private static readonly IPNetwork[] Reserved4 = Parse("0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4");
    private static readonly IPNetwork Loopback4 = IPNetwork.Parse("127.0.0.0/8");
    private static readonly IPNetwork LinkLocal4 = IPNetwork.Parse("169.254.0.0/16");
    private static readonly IPNetwork Multicast4 = IPNetwork.Parse("224.0.0.0/4");

    // Site-local addresses are unique-local ones' predecessor; 64:ff9b:1::/48 is a network's own translation.
    private static readonly IPNetwork[] Private6 = Parse("fc00::/7", "fec0::/10", "64:ff9b:1::/48");
    private static readonly IPNetwork LinkLocal6 = IPNetwork.Parse("fe80::/10");
    private static readonly IPNetwork Multicast6 = IPNetwork.Parse("ff00::/8");
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    // Within 2001::/23 are Teredo, benchmarks and ORCHID; none of them is a server's.
    private static readonly IPNetwork[] Reserved6 = Parse("2001::/23", "2001:db8::/32", "3fff::/20");

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Compatible4 = IPNetwork.Parse("::/96");

    /// <summary>The IPv4 address that an IPv6 one stands for (mapped, compatible, NAT64, 6to4); otherwise the address itself, without its zone.</summary>
    public static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (SixToFour.Contains(Plain(address))) return new IPAddress(bytes[2..6]);
        // `::` and `::1` are addresses of IPv6's own.
        var isCompatible = Compatible4.Contains(Plain(address)) && BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) > 1;
        return isCompatible || Nat64.Contains(Plain(address)) ? new IPAddress(bytes[12..]) : Plain(address);
    }

    /// <summary>Where an address leads; one within another is unwrapped first.</summary>
    public static AddressClass Of(IPAddress address)
    {
        var inner = Unwrap(address);
        return inner.AddressFamily == AddressFamily.InterNetwork ? Of4(inner) : Of6(inner);
    }

    private static AddressClass Of4(IPAddress address) =>
        Loopback4.Contains(address) ? AddressClass.Loopback
        : LinkLocal4.Contains(address) ? AddressClass.LinkLocal
        : Contains(Private4, address) ? AddressClass.Private
        : Multicast4.Contains(address) ? AddressClass.Multicast
        : Contains(Reserved4, address) ? AddressClass.Reserved
        : AddressClass.Public;

    private static AddressClass Of6(IPAddress address) =>
        address.Equals(IPAddress.IPv6Loopback) ? AddressClass.Loopback
        : LinkLocal6.Contains(address) || address.Equals(MetadataService) ? AddressClass.LinkLocal
        : Contains(Private6, address) ? AddressClass.Private
        : Multicast6.Contains(address) ? AddressClass.Multicast
        : !Global6.Contains(address) || Contains(Reserved6, address) ? AddressClass.Reserved
        : AddressClass.Public;

    private static IPAddress Plain(IPAddress address) => address.ScopeId == 0 ? address : new IPAddress(address.GetAddressBytes());

    private static bool Contains(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => network.Contains(address));

    private static IPNetwork[] Parse(params ReadOnlySpan<string> networks)
    {
        var parsed = new IPNetwork[networks.Length];
        for (var i = 0; i < networks.Length; i++) parsed[i] = IPNetwork.Parse(networks[i]);
        return parsed;
    }
}
