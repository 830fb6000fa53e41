using System.Net;
using LazyOC.Plugins.Sandbox.Network;

namespace LazyOC.Plugins.Sandbox.Tests.Network;

public sealed class AddressClassTests
{
    [Theory]
    [InlineData("8.8.8.8", "Public")]
    [InlineData("172.15.255.255", "Public")]
    [InlineData("172.32.0.0", "Public")]
    [InlineData("100.63.255.255", "Public")]
    [InlineData("2606:4700::1111", "Public")]
    [InlineData("127.0.0.1", "Loopback")]
    [InlineData("127.255.255.255", "Loopback")]
    [InlineData("::1", "Loopback")]
    [InlineData("::ffff:127.0.0.1", "Loopback")]
    [InlineData("::127.0.0.1", "Loopback")]
    [InlineData("64:ff9b::7f00:1", "Loopback")]
    [InlineData("2002:7f00:1::", "Loopback")]
    [InlineData("169.254.169.254", "LinkLocal")]
    [InlineData("::ffff:169.254.169.254", "LinkLocal")]
    [InlineData("64:ff9b::a9fe:a9fe", "LinkLocal")]
    [InlineData("2002:a9fe:a9fe::1", "LinkLocal")]
    [InlineData("fe80::1", "LinkLocal")]
    [InlineData("fe80::1%3", "LinkLocal")]
    [InlineData("fd00:ec2::254", "LinkLocal")]
    [InlineData("10.0.0.1", "Private")]
    [InlineData("172.16.0.1", "Private")]
    [InlineData("172.31.255.255", "Private")]
    [InlineData("192.168.1.1", "Private")]
    [InlineData("100.64.0.1", "Private")]
    [InlineData("fc00::1", "Private")]
    [InlineData("fd12::1%2", "Private")]
    [InlineData("fec0::1", "Private")]
    [InlineData("::ffff:10.1.2.3", "Private")]
    [InlineData("64:ff9b:1::a00:1", "Private")]
    [InlineData("224.0.0.1", "Multicast")]
    [InlineData("ff02::1", "Multicast")]
    [InlineData("0.0.0.0", "Reserved")]
    [InlineData("0.1.2.3", "Reserved")]
    [InlineData("255.255.255.255", "Reserved")]
    [InlineData("192.0.2.1", "Reserved")]
    [InlineData("198.18.0.1", "Reserved")]
    [InlineData("::", "Reserved")]
    [InlineData("::ffff:0.0.0.0", "Reserved")]
    [InlineData("2001::1", "Reserved")]
    [InlineData("2001:db8::1", "Reserved")]
    [InlineData("100::1", "Reserved")]
    [InlineData("4000::1", "Reserved")]
    public void Of_Address_SaysWhereItLeads(string address, string expected) =>
        Assert.Equal(expected, AddressClasses.Of(IPAddress.Parse(address)).ToString());

    [Theory]
    [InlineData("Glob", "8.8.8.8")]
    [InlineData("Name", "8.8.8.8")]
    [InlineData("Chosen", "8.8.8.8 127.0.0.1 10.0.0.1")]
    [InlineData("Literal", "8.8.8.8 127.0.0.1 10.0.0.1 169.254.169.254 224.0.0.1 0.0.0.0")]
    public void Permits_EachReach_OpensTheseAndNoOthers(string reach, string opened)
    {
        string[] all = ["8.8.8.8", "127.0.0.1", "10.0.0.1", "169.254.169.254", "224.0.0.1", "0.0.0.0"];

        Assert.Equal(opened, string.Join(' ', all.Where(address => AddressReaches.Permits(Enum.Parse<AddressReach>(reach), IPAddress.Parse(address)))));
    }
}
