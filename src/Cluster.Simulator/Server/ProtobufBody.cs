using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>
/// Reads <c>application/vnd.kubernetes.protobuf</c> bodies of the kinds kubectl sends that way (its typed <c>create</c>,
/// <c>auth can-i</c>, <c>drain</c>) into JSON. Field numbers are those of the API's <c>generated.proto</c> files; fields
/// that are not listed are dropped, a kind that is not listed is refused.
/// </summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private const int MaxDepth = 32;

    // Each envelope starts with these four bytes, then a runtime.Unknown: 1 = TypeMeta (1 apiVersion, 2 kind), 2 = raw object.
    private static readonly byte[] Magic = [0x6b, 0x38, 0x73, 0x00];

    private static readonly Dictionary<string, Field[]> Messages = ReadTable("""
        ObjectMeta 1=name 2=generateName 3=namespace 6=resourceVersion 11=labels:map 12=annotations:map 14=finalizers:[]string
        Namespace 1=metadata:ObjectMeta
        ServiceAccount 1=metadata:ObjectMeta
        ConfigMap 1=metadata:ObjectMeta 2=data:map 3=binaryData:bytesMap 4=immutable:bool
        Secret 1=metadata:ObjectMeta 2=data:bytesMap 3=type 4=stringData:map 5=immutable:bool
        SelfSubjectAccessReview 1=metadata:ObjectMeta 2=spec:AccessSpec
        AccessSpec 1=resourceAttributes:ResourceAttributes 2=nonResourceAttributes:NonResourceAttributes
        ResourceAttributes 1=namespace 2=verb 3=group 4=version 5=resource 6=subresource 7=name
        NonResourceAttributes 1=path 2=verb
        SelfSubjectRulesReview 1=metadata:ObjectMeta 2=spec:RulesSpec
        RulesSpec 1=namespace
        SelfSubjectReview 1=metadata:ObjectMeta
        Eviction 1=metadata:ObjectMeta 2=deleteOptions:DeleteOptions
        DeleteOptions 1=gracePeriodSeconds:int 2=preconditions:Preconditions 4=propagationPolicy 5=dryRun:[]string
        Preconditions 1=uid 2=resourceVersion
        Deployment 1=metadata:ObjectMeta 2=spec:DeploymentSpec
        DeploymentSpec 1=replicas:int 2=selector:LabelSelector 3=template:PodTemplateSpec
        LabelSelector 1=matchLabels:map
        Job 1=metadata:ObjectMeta 2=spec:JobSpec
        JobSpec 1=parallelism:int 2=completions:int 6=template:PodTemplateSpec 7=backoffLimit:int
        PodTemplateSpec 1=metadata:ObjectMeta 2=spec:PodSpec
        PodSpec 2=containers:[]Container 3=restartPolicy
        Container 1=name 2=image 3=command:[]string 4=args:[]string 6=ports:[]ContainerPort 7=env:[]EnvVar 14=imagePullPolicy
        ContainerPort 1=name 3=containerPort:int 4=protocol
        EnvVar 1=name 2=value
        Service 1=metadata:ObjectMeta 2=spec:ServiceSpec
        ServiceSpec 1=ports:[]ServicePort 2=selector:map 3=clusterIP 4=type
        ServicePort 1=name 2=protocol 3=port:int 4=targetPort:intOrString 5=nodePort:int
        """);

    private sealed record Field(int Number, string Name, string Type);

    private readonly record struct Value(int Number, ulong Integer, ReadOnlyMemory<byte> Bytes);

    /// <exception cref="ApiException">The body is malformed, or of a kind that is read as JSON only.</exception>
    public static JsonObject Read(ReadOnlyMemory<byte> body)
    {
        if (!body.Span.StartsWith(Magic))
            throw Malformed("it does not start with the Kubernetes prefix");
        string apiVersion = "";
        string kind = "";
        ReadOnlyMemory<byte> raw = default;
        foreach (Value outer in Values(body[Magic.Length..]))
        {
            if (outer.Number == 2)
                raw = outer.Bytes;
            foreach (Value inner in outer.Number == 1 ? Values(outer.Bytes) : [])
            {
                if (inner.Number == 1)
                    apiVersion = Text(inner.Bytes);
                else if (inner.Number == 2)
                    kind = Text(inner.Bytes);
            }
        }

        if (!Messages.ContainsKey(kind))
            throw ApiException.UnsupportedMediaType($"{MediaType} of kind {kind}", "application/json");
        JsonObject tree = ReadMessage(kind, raw, 0);
        tree["apiVersion"] = apiVersion;
        tree["kind"] = kind;
        return tree;
    }

    private static JsonObject ReadMessage(string message, ReadOnlyMemory<byte> bytes, int depth)
    {
        if (depth > MaxDepth)
            throw Malformed($"messages are nested deeper than {MaxDepth}");
        var tree = new JsonObject();
        foreach (Value value in Values(bytes))
        {
            if (Array.Find(Messages[message], f => f.Number == value.Number) is not { } field)
                continue;
            if (field.Type.StartsWith("[]", StringComparison.Ordinal))
            {
                if (tree[field.Name] is not JsonArray list)
                    tree[field.Name] = list = [];
                list.Add(ReadValue(field.Type[2..], value, depth));
            }
            else if (field.Type is "map" or "bytesMap")
            {
                ReadEntry(tree.Ensure(field.Name), value, field.Type is "bytesMap");
            }
            else if (ReadValue(field.Type, value, depth) is { } read)
            {
                tree[field.Name] = read;
            }
        }

        return tree;
    }

    private static JsonNode? ReadValue(string type, Value value, int depth) => type switch
    {
        // Go writes its zero string where JSON leaves the field out.
        "string" => value.Bytes.Length == 0 ? null : Text(value.Bytes),
        "int" => (long)value.Integer,
        "bool" => value.Integer != 0,
        "intOrString" => ReadIntOrString(value.Bytes),
        _ => ReadMessage(type, value.Bytes, depth + 1),
    };

    private static JsonNode ReadIntOrString(ReadOnlyMemory<byte> bytes)
    {
        Dictionary<int, Value> parts = Values(bytes).ToDictionary(v => v.Number);
        return parts.TryGetValue(1, out Value kind) && kind.Integer == 1 ? Text(parts.GetValueOrDefault(3).Bytes) : (long)parts.GetValueOrDefault(2).Integer;
    }

    private static void ReadEntry(JsonObject map, Value entry, bool base64)
    {
        string key = "";
        ReadOnlyMemory<byte> content = default;
        foreach (Value part in Values(entry.Bytes))
        {
            if (part.Number == 1)
                key = Text(part.Bytes);
            else if (part.Number == 2)
                content = part.Bytes;
        }

        map[key] = base64 ? Convert.ToBase64String(content.Span) : Text(content);
    }

    private static List<Value> Values(ReadOnlyMemory<byte> bytes)
    {
        var values = new List<Value>();
        int at = 0;
        while (at < bytes.Length)
        {
            ulong tag = Varint(bytes.Span, ref at);
            int number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    values.Add(new Value(number, Varint(bytes.Span, ref at), default));
                    break;
                case 1:
                    values.Add(new Value(number, BinaryPrimitives.ReadUInt64LittleEndian(Take(bytes, 8, ref at).Span), default));
                    break;
                case 2:
                    ulong length = Varint(bytes.Span, ref at);
                    values.Add(new Value(number, 0, Take(bytes, length, ref at)));
                    break;
                case 5:
                    values.Add(new Value(number, BinaryPrimitives.ReadUInt32LittleEndian(Take(bytes, 4, ref at).Span), default));
                    break;
                default:
                    throw Malformed($"wire type {tag & 7} is not used by Kubernetes");
            }
        }

        return values;
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> bytes, ulong length, ref int at)
    {
        if (length > (ulong)(bytes.Length - at))
            throw Malformed($"a field of {length} bytes at {at} reaches past the end");
        ReadOnlyMemory<byte> taken = bytes.Slice(at, (int)length);
        at += (int)length;
        return taken;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }

        throw Malformed($"a number does not end at {at}");
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static ApiException Malformed(string why) => ApiException.BadRequest($"the body could not be read as protobuf: {why}");

    private static Dictionary<string, Field[]> ReadTable(string table)
    {
        var messages = new Dictionary<string, Field[]>(StringComparer.Ordinal);
        foreach (string line in table.Split('\n', StringSplitOptions.TrimEntries))
        {
            string[] words = line.Split(' ');
            messages[words[0]] = [.. words[1..].Select(word => word.Split('=', ':')).Select(p => new Field(int.Parse(p[0], System.Globalization.CultureInfo.InvariantCulture), p[1], p.Length > 2 ? p[2] : "string"))];
        }

        return messages;
    }
}
