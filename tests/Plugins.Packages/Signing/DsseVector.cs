using System.Globalization;
using System.Numerics;
using System.Text.Json;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Plugins.Packages.Tests.Signing.Outcomes;

namespace LazyOC.Plugins.Packages.Tests.Signing;

/// <summary>The published example of DSSE, https://github.com/secure-systems-lab/dsse/blob/master/protocol.md.</summary>
internal sealed record DsseVector(PublicKey Key, string PayloadType, string Body, string Encoding, string Envelope)
{
    private const string PathVariable = "LAZYOC_DSSE_VECTOR";

    public static DsseVector Published { get; } = new(
        KeyAt("46950820868899156662930047687818585632848591499744589407958293238635476079160", "5640078356564379163099075877009565129882514886557779369047442380624545832820"),
        "http://example.com/HelloWorld",
        "hello world",
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
        """{"payload":"aGVsbG8gd29ybGQ=","payloadType":"http://example.com/HelloWorld","signatures":[{"sig":"A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}""");

    /// <summary>The file with the same example, in <c>LAZYOC_DSSE_VECTOR</c> or in <c>../shared/conformance</c> beside the repository; null when it is not there.</summary>
    public static string? File { get; } = FindFile();

    public static DsseVector Read(string file)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(file));
        var root = document.RootElement;
        string Text(string name) => root.GetProperty(name).GetString()!;
        var key = root.GetProperty("publicKey");
        return new DsseVector(KeyAt(key.GetProperty("x").GetString()!, key.GetProperty("y").GetString()!), Text("payloadType"), Text("body"), Text("preAuthenticationEncoding"), root.GetProperty("envelope").GetRawText());
    }

    private static PublicKey KeyAt(string x, string y)
    {
        byte[] start = [.. Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004")];
        return Value(PublicKey.FromSubjectPublicKeyInfo([.. start, .. Coordinate(x), .. Coordinate(y)]));
    }

    private static byte[] Coordinate(string number)
    {
        var bytes = BigInteger.Parse(number, CultureInfo.InvariantCulture).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    private static string? FindFile()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named) return named;
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var file = Path.Combine(directory.FullName, "..", "shared", "conformance", "dsse-vector.json");
            if (System.IO.File.Exists(Path.Combine(directory.FullName, "LazyOC.slnx"))) return System.IO.File.Exists(file) ? file : null;
        }
        return null;
    }
}

/// <summary>A test against the vector's file; reported as skipped where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DsseVectorFactAttribute : FactAttribute
{
    public DsseVectorFactAttribute() => Skip = DsseVector.File is null ? "no dsse-vector.json: name it in LAZYOC_DSSE_VECTOR" : null;
}
