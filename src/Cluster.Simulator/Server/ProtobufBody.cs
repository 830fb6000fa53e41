using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>
/// Reads <c>application/vnd.kubernetes.protobuf</c> bodies of the kinds kubectl sends that way (its typed <c>create</c>,
/// <c>auth can-i</c>, <c>drain</c>) into JSON. Field numbers are those of the API's <c>generated.proto</c> files. A kind
/// that is not listed is refused, and so is a field that is not listed and says anything: nothing is dropped in silence.
/// </summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private const int MaxDepth = 32;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Go writes every field that is no pointer, so an unlisted one arrives with its zero value. Types: `int` keeps zero,
    // `count` is absent when zero, `unset` is a message whose every field must be zero.
    // Each envelope starts with these four bytes, then a runtime.Unknown: 1 = TypeMeta (1 apiVersion, 2 kind), 2 = raw object.
    private static readonly byte[] Magic = [0x6b, 0x38, 0x73, 0x00];

    private static readonly Dictionary<string, Field[]> Messages = ReadTable("""
        ObjectMeta 1=name 2=generateName 3=namespace 6=resourceVersion 11=labels:map 12=annotations:map 14=finalizers:[]string
        Namespace 1=metadata:ObjectMeta 3=status:unset
        ServiceAccount 1=metadata:ObjectMeta
        ConfigMap 1=metadata:ObjectMeta 2=data:map 3=binaryData:bytesMap 4=immutable:bool
        Secret 1=metadata:ObjectMeta 2=data:bytesMap 3=type 4=stringData:map 5=immutable:bool
        SelfSubjectAccessReview 1=metadata:ObjectMeta 2=spec:AccessSpec 3=status:unset
        AccessSpec 1=resourceAttributes:ResourceAttributes 2=nonResourceAttributes:NonResourceAttributes
        ResourceAttributes 1=namespace 2=verb 3=group 4=version 5=resource 6=subresource 7=name
        NonResourceAttributes 1=path 2=verb
        SelfSubjectRulesReview 1=metadata:ObjectMeta 2=spec:RulesSpec 3=status:unset
        RulesSpec 1=namespace
        SelfSubjectReview 1=metadata:ObjectMeta 2=status:SubjectReviewStatus
        SubjectReviewStatus 1=userInfo:unset
        Eviction 1=metadata:ObjectMeta 2=deleteOptions:DeleteOptions
        DeleteOptions 1=gracePeriodSeconds:int 2=preconditions:Preconditions 4=propagationPolicy 5=dryRun:[]string
        Preconditions 1=uid 2=resourceVersion
        Deployment 1=metadata:ObjectMeta 2=spec:DeploymentSpec 3=status:unset
        DeploymentSpec 1=replicas:int 2=selector:LabelSelector 3=template:PodTemplateSpec 4=strategy:DeploymentStrategy 5=minReadySeconds:count 6=revisionHistoryLimit:int 9=progressDeadlineSeconds:int
        DeploymentStrategy 1=type 2=rollingUpdate:RollingUpdate
        RollingUpdate 1=maxUnavailable:intOrString 2=maxSurge:intOrString
        LabelSelector 1=matchLabels:map
        CronJob 1=metadata:ObjectMeta 2=spec:CronJobSpec 3=status:unset
        CronJobSpec 1=schedule 2=startingDeadlineSeconds:int 3=concurrencyPolicy 4=suspend:bool 5=jobTemplate:JobTemplateSpec 6=successfulJobsHistoryLimit:int 7=failedJobsHistoryLimit:int 8=timeZone
        JobTemplateSpec 1=metadata:ObjectMeta 2=spec:JobSpec
        Job 1=metadata:ObjectMeta 2=spec:JobSpec 3=status:unset
        JobSpec 1=parallelism:int 2=completions:int 6=template:PodTemplateSpec 7=backoffLimit:int
        PodTemplateSpec 1=metadata:ObjectMeta 2=spec:PodSpec
        PodSpec 2=containers:[]Container 3=restartPolicy 4=terminationGracePeriodSeconds:int 6=dnsPolicy 7=nodeSelector:map 8=serviceAccountName 10=nodeName 19=schedulerName
        Container 1=name 2=image 3=command:[]string 4=args:[]string 5=workingDir 6=ports:[]ContainerPort 7=env:[]EnvVar 13=terminationMessagePath 14=imagePullPolicy 20=terminationMessagePolicy
        ContainerPort 1=name 2=hostPort:count 3=containerPort:int 4=protocol 5=hostIP
        EnvVar 1=name 2=value
        Service 1=metadata:ObjectMeta 2=spec:ServiceSpec 3=status:unset
        ServiceSpec 1=ports:[]ServicePort 2=selector:map 3=clusterIP 4=type 7=sessionAffinity 10=externalName
        ServicePort 1=name 2=protocol 3=port:int 4=targetPort:intOrString 5=nodePort:count
        Role 1=metadata:ObjectMeta 2=rules:[]PolicyRule
        ClusterRole 1=metadata:ObjectMeta 2=rules:[]PolicyRule
        PolicyRule 1=verbs:[]string 2=apiGroups:[]string 3=resources:[]string 4=resourceNames:[]string 5=nonResourceURLs:[]string
        RoleBinding 1=metadata:ObjectMeta 2=subjects:[]Subject 3=roleRef:RoleRef
        ClusterRoleBinding 1=metadata:ObjectMeta 2=subjects:[]Subject 3=roleRef:RoleRef
        Subject 1=kind 2=apiGroup 3=name 4=namespace
        RoleRef 1=apiGroup 2=kind 3=name
        """);

    private sealed record Field(int Number, string Name, string Type);

    private sealed record Value(int Number, ulong Integer, ReadOnlyMemory<byte> Bytes, bool IsNumber)
    {
        public bool IsZero => Integer == 0 && Bytes.IsEmpty;
    }

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
            else if (outer.Number > 2 && !outer.IsZero)
                throw Unknown("the envelope", outer.Number);
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
            {
                if (!value.IsZero)
                    throw Unknown(message, value.Number);
                continue;
            }

            string element = field.Type.StartsWith("[]", StringComparison.Ordinal) ? field.Type[2..] : field.Type;
            if (value.IsNumber != (element is "int" or "count" or "bool"))
                throw Malformed($"field {value.Number} ({field.Name}) of {message} has the wire type of another");
            if (element != field.Type)
                AddElement(tree, field.Name, ReadElement(element, value, depth));
            else if (field.Type is "map" or "bytesMap")
                ReadEntry(tree.Ensure(field.Name), value, $"{message}.{field.Name}", field.Type is "bytesMap");
            else if (field.Type is "unset")
                CheckUnset(value.Bytes, $"{message}.{field.Name}");
            else if (ReadField(field.Type, value, depth) is { } read)
                tree[field.Name] = read;
        }

        return tree;
    }

    private static void AddElement(JsonObject tree, string name, JsonNode element)
    {
        if (tree[name] is not JsonArray list)
            tree[name] = list = [];
        list.Add(element);
    }

    private static JsonNode ReadElement(string type, Value value, int depth) =>
        type is "string" ? Text(value.Bytes) : ReadMessage(type, value.Bytes, depth + 1);

    /// <summary>A field that stands once; null when it says no more than its absence, as JSON's <c>omitempty</c> has it.</summary>
    private static JsonNode? ReadField(string type, Value value, int depth) => type switch
    {
        "string" => value.Bytes.Length == 0 ? null : Text(value.Bytes),
        "int" => (long)value.Integer,
        "count" => value.Integer == 0 ? null : (long)value.Integer,
        "bool" => value.Integer != 0,
        "intOrString" => ReadIntOrString(value.Bytes),
        _ => ReadMessage(type, value.Bytes, depth + 1) is { Count: > 0 } message ? message : null,
    };

    private static JsonNode ReadIntOrString(ReadOnlyMemory<byte> bytes)
    {
        bool isText = false;
        long number = 0;
        string text = "";
        foreach (Value part in Values(bytes))
        {
            if (part.IsNumber != (part.Number is 1 or 2))
                throw Malformed($"field {part.Number} of IntOrString has the wire type of another");
            switch (part.Number)
            {
                case 1:
                    isText = part.Integer == 1;
                    break;
                case 2:
                    number = (long)part.Integer;
                    break;
                case 3:
                    text = Text(part.Bytes);
                    break;
                default:
                    throw Unknown("IntOrString", part.Number);
            }
        }

        return isText ? text : number;
    }

    private static void ReadEntry(JsonObject map, Value entry, string field, bool base64)
    {
        string key = "";
        ReadOnlyMemory<byte> content = default;
        foreach (Value part in Values(entry.Bytes))
        {
            if (part.IsNumber)
                throw Malformed($"an entry of {field} is not text");
            if (part.Number == 1)
                key = Text(part.Bytes);
            else if (part.Number == 2)
                content = part.Bytes;
            else
                throw Unknown(field, part.Number);
        }

        map[key] = base64 ? Convert.ToBase64String(content.Span) : Text(content);
    }

    private static void CheckUnset(ReadOnlyMemory<byte> bytes, string path)
    {
        if (Values(bytes).Find(v => !v.IsZero) is { } set)
            throw Unknown(path, set.Number);
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
                    values.Add(new Value(number, Varint(bytes.Span, ref at), default, IsNumber: true));
                    break;
                case 1:
                    values.Add(new Value(number, BinaryPrimitives.ReadUInt64LittleEndian(Take(bytes, 8, ref at).Span), default, IsNumber: true));
                    break;
                case 2:
                    ulong length = Varint(bytes.Span, ref at);
                    values.Add(new Value(number, 0, Take(bytes, length, ref at), IsNumber: false));
                    break;
                case 5:
                    values.Add(new Value(number, BinaryPrimitives.ReadUInt32LittleEndian(Take(bytes, 4, ref at).Span), default, IsNumber: true));
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

    private static string Text(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("a text is not UTF-8");
        }
    }

    private static ApiException Unknown(string message, int number) =>
        new(415, "UnsupportedMediaType", $"field {number} of {message} in the protobuf body is not one this server reads, so its value would be lost\nhint: send the object as application/json");

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
