using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Sandbox.Secrets;

/// <summary>The secrets of one plugin as they lie on the disk.</summary>
internal sealed record SecretFile
{
    public required ImmutableSortedDictionary<string, SealedSecret> Secrets { get; init; }
}

/// <summary>An encrypted secret.</summary>
/// <param name="Nonce">12 bytes, in base64.</param>
/// <param name="Sealed">The encrypted UTF-8 text and, behind it, the 16 bytes of its tag, in base64.</param>
internal sealed record SealedSecret(byte[] Nonce, byte[] Sealed);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SecretFile))]
internal sealed partial class SecretJson : JsonSerializerContext;
