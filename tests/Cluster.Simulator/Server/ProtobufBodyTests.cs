using System.Text;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Server;

namespace LazyOC.Cluster.Simulator.Tests.Server;

public sealed class ProtobufBodyTests
{
    private static readonly byte[] NoMetadata = Message(1, Message(1, "name"u8.ToArray()));

    [Fact]
    public void Read_KnownFields_BecomeJson()
    {
        byte[] metadata = [.. Message(1, "greetings"u8.ToArray()), .. Message(11, Entry("app", "shop")), .. Message(8, [])];
        JsonObject tree = ProtobufBody.Read(Envelope("v1", "ConfigMap", [.. Message(1, metadata), .. Message(2, Entry("en", "hello")), .. Message(3, Entry("raw", "hello"))]));

        Assert.Equal("""{"metadata":{"name":"greetings","labels":{"app":"shop"}},"data":{"en":"hello"},"binaryData":{"raw":"aGVsbG8="},"apiVersion":"v1","kind":"ConfigMap"}""", tree.ToJsonString());
    }

    [Fact]
    public void Read_ZeroFieldsThatGoAlwaysWrites_AreAbsent()
    {
        byte[] metadata = [.. Message(1, "web"u8.ToArray()), .. Message(2, []), .. Message(4, []), .. Number(7, 0), .. Message(8, [])];
        byte[] status = [.. Number(1, 0), .. Number(2, 0)];
        byte[] spec = [.. Number(1, 0), .. Message(4, Message(1, [])), .. Number(5, 0), .. Number(7, 0)];
        JsonObject tree = ProtobufBody.Read(Envelope("apps/v1", "Deployment", [.. Message(1, metadata), .. Message(2, spec), .. Message(3, status)]));

        Assert.Equal("""{"metadata":{"name":"web"},"spec":{"replicas":0},"apiVersion":"apps/v1","kind":"Deployment"}""", tree.ToJsonString());
    }

    [Fact]
    public void Read_EmptyTextInAList_Stays()
    {
        JsonObject tree = ProtobufBody.Read(Envelope("rbac.authorization.k8s.io/v1", "Role", Message(2, [.. Message(1, "get"u8.ToArray()), .. Message(2, [])])));

        Assert.Equal("""[{"verbs":["get"],"apiGroups":[""]}]""", tree["rules"]!.ToJsonString());
    }

    public static TheoryData<string, byte[], string> Unread => new()
    {
        { "ConfigMap", Message(9, "x"u8.ToArray()), "field 9 of ConfigMap" },
        { "ConfigMap", Message(1, Number(7, 3)), "field 7 of ObjectMeta" },
        { "ConfigMap", Message(2, [.. Entry("a", "b"), .. Message(3, "c"u8.ToArray())]), "field 3 of ConfigMap.data" },
        { "Namespace", Message(3, Message(1, "Active"u8.ToArray())), "field 1 of Namespace.status" },
        { "Deployment", Message(2, Message(3, Message(2, Message(1, "volume"u8.ToArray())))), "field 1 of PodSpec" },
        { "Service", Message(2, Message(1, Message(4, Number(4, 1)))), "IntOrString" },
        { "Pod", [], "kind Pod" },
    };

    [Theory]
    [MemberData(nameof(Unread))]
    public void Read_WhatItDoesNotKnow_IsRefusedByName(string kind, byte[] body, string named)
    {
        ApiException error = Assert.Throws<ApiException>(() => ProtobufBody.Read(Envelope("v1", kind, body)));

        Assert.Contains(error.Code, new[] { 400, 415 });
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<byte[]> Damaged => new()
    {
        { [] },
        { "k8s"u8.ToArray() },
        { Envelope("v1", "ConfigMap", NoMetadata)[..^3] },
        { Envelope("v1", "ConfigMap", [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]) },
        { Envelope("v1", "ConfigMap", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) },
        { Envelope("v1", "ConfigMap", [0x0b]) },
        { Envelope("v1", "ConfigMap", Number(1, 5)) },
        { Envelope("v1", "ConfigMap", Message(1, Message(1, [0xff, 0xfe]))) },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Read_DamagedBody_IsABadRequest(byte[] body) =>
        Assert.Equal(400, Assert.Throws<ApiException>(() => ProtobufBody.Read(body)).Code);

    private static byte[] Envelope(string apiVersion, string kind, byte[] raw) =>
        [.. "k8s\0"u8, .. Message(1, [.. Message(1, Encoding.UTF8.GetBytes(apiVersion)), .. Message(2, Encoding.UTF8.GetBytes(kind))]), .. Message(2, raw)];

    private static byte[] Entry(string key, string value) => [.. Message(1, Encoding.UTF8.GetBytes(key)), .. Message(2, Encoding.UTF8.GetBytes(value))];

    private static byte[] Message(int number, byte[] content) => [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Number(int number, ulong value) => [.. Varint((ulong)number << 3), .. Varint(value)];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
