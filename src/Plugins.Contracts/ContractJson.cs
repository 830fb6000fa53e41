using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts;

/// <summary>Source-generated JSON of the vocabulary: camelCase, nulls left out, unknown keys refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowOutOfOrderMetadataProperties = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict,
    MaxDepth = 128)]
[JsonSerializable(typeof(PluginManifest))]
[JsonSerializable(typeof(ViewNode))]
[JsonSerializable(typeof(ActivatePayload))]
[JsonSerializable(typeof(DeactivatePayload))]
[JsonSerializable(typeof(DehydrateAnswer))]
[JsonSerializable(typeof(HydratePayload))]
[JsonSerializable(typeof(RenderPayload))]
[JsonSerializable(typeof(InputPayload))]
[JsonSerializable(typeof(ComputePayload))]
[JsonSerializable(typeof(ComputeAnswer))]
[JsonSerializable(typeof(ActionPayload))]
[JsonSerializable(typeof(CommandPayload))]
[JsonSerializable(typeof(EventPayload))]
[JsonSerializable(typeof(HttpRequestPayload))]
[JsonSerializable(typeof(HttpRequestAnswer))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(LogWriteRequest))]
[JsonSerializable(typeof(EventsSubscribeRequest))]
[JsonSerializable(typeof(UiStatusRequest))]
[JsonSerializable(typeof(UiUpdateRequest))]
[JsonSerializable(typeof(UiNotifyRequest))]
[JsonSerializable(typeof(UiConfirmRequest))]
[JsonSerializable(typeof(UiConfirmAnswer))]
[JsonSerializable(typeof(UiPromptRequest))]
[JsonSerializable(typeof(UiPromptAnswer))]
[JsonSerializable(typeof(UiOpenRequest))]
[JsonSerializable(typeof(UiProgressRequest))]
[JsonSerializable(typeof(HostInfoRequest))]
[JsonSerializable(typeof(HostInfoAnswer))]
[JsonSerializable(typeof(HttpFetchRequest))]
[JsonSerializable(typeof(HttpFetchAnswer))]
[JsonSerializable(typeof(HttpListenRequest))]
[JsonSerializable(typeof(KubernetesListRequest))]
[JsonSerializable(typeof(KubernetesListAnswer))]
[JsonSerializable(typeof(KubernetesGetRequest))]
[JsonSerializable(typeof(KubernetesScaleRequest))]
[JsonSerializable(typeof(KubernetesDeleteRequest))]
[JsonSerializable(typeof(JsonElement))]
public sealed partial class ContractJson : JsonSerializerContext;
